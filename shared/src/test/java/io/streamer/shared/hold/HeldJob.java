package io.streamer.shared.hold;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.MemoryTables;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.Said;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A job that was claimed just now, over tables in memory, by a clock that a test moves. */
final class HeldJob {
  static final long BEGUN = 1_800_000_000_000L;
  static final Route TAB = new Route("c1", "node:n", 2_000_000_000);
  static final Route OTHER_TAB = new Route("c2", "api:main", 2_000_000_000);
  private static final Caller ANN = new Caller("acme", "ann", Set.of());

  private final InstantSource clock = () -> Instant.ofEpochMilli(this.now);
  final JobCalls jobs;
  final RunCalls runs;
  private final DueCalls dues;
  private final SubscriptionCalls subscriptions;
  final MemoryTables tables = new MemoryTables(Map.of());
  final Recipients recipients = new Recipients(clock);
  final Reports reports = new Reports(10);
  final Emitter emitter = new Emitter();
  final List<StoreRequest> sent = new ArrayList<>();

  /** What whoever follows the process has been given. */
  final List<Report> fed = new ArrayList<>();

  final Holding holding;
  final Job submitted;
  final Job claimed;
  long now = BEGUN;
  private int nonces;

  /** Emits what a test says, as a worker's journal would store it. */
  final class Emitter implements Journal {
    int waiting;
    @Nullable Call<Kept> asked;
    final List<ServerFrame.Event> stored = new ArrayList<>();

    @Override
    public long nextAt() {
      return waiting == 0 || !recipients.served() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    @Override
    public boolean empty() {
      return waiting == 0;
    }

    @Override
    public Write next(Job job, LongSupplier numbers, Supplier<Said> said) {
      waiting--;
      var event =
          new ServerFrame.Event(
              job.requestId(), job.id().value(), numbers.getAsLong(), "page", RawJson.of("1"));
      var call = runs.append(job, List.of(event), said.get(), nonce());
      asked = call;
      return new Write(
          call,
          () -> {
            stored.add(event);
            recipients.tell(List.of(event));
          });
    }
  }

  HeldJob() {
    var minute = Duration.ofMinutes(1);
    var names = new Tables("t");
    var limits = new JobLimits(minute, minute, Duration.ofDays(7));
    jobs = new JobCalls(names, limits, clock);
    runs = new RunCalls(names, limits, clock);
    dues = new DueCalls(names, limits, clock);
    subscriptions = new SubscriptionCalls(names, limits, clock);
    var request =
        new NewJob(
            "run-1",
            ANN,
            "r-1",
            "report",
            RawJson.of("{}"),
            Map.of(),
            Optional.empty(),
            Optional.of(TAB),
            Options.NONE,
            Optional.empty());
    submitted = run(jobs.submit(request)).job();
    claimed = ((Claim.Claimed) run(jobs.claim(submitted.id(), 0, nonce()))).job();
    holding =
        new Holding(claimed, new Lease(minute, now), jobs, this::nonce, recipients, fed::add, now);
    holding.begin(reports, emitter);
  }

  private String nonce() {
    return "n" + nonces++;
  }

  void report(double percentage) {
    holding.report(percentage, "", now);
  }

  /** The next step, by its name; what it asks is answered at once. */
  String turn() {
    return did(holding.next(now));
  }

  /** Does a step. */
  String did(Step step) {
    return switch (step) {
      case Step.Write(var call) -> {
        holding.wrote(run(call));
        yield "write";
      }
      case Step.Look(var call) -> {
        holding.looked(run(call));
        yield "look";
      }
      case Step.Land _ -> "land";
      case Step.Wait(var until) ->
          until == Long.MAX_VALUE ? "wait for an answer" : "wait " + (until - now);
      case Step.Lost _ -> "lost";
      case Step.Ended(var job) -> "ended " + job.status();
    };
  }

  /** What its watchers hear now, if all take it. */
  List<String> heard() {
    var heard = new ArrayList<String>();
    for (var to = recipients.next(); to.isPresent(); to = recipients.next()) {
      var load = to.get().load();
      var name = to.get().route().connection();
      load.forEach(parcel -> heard.add(name + " " + text(parcel.frame())));
      recipients.landed(to.get(), load.size(), new Pushed.Delivered());
    }
    return heard;
  }

  private String text(ServerFrame frame) {
    var number = frame.numbered().orElseThrow();
    var kind = number.kind().name().toLowerCase(Locale.ROOT);
    var what =
        frame instanceof ServerFrame.Progress progress
            ? kind + " " + Math.round(progress.percentage())
            : kind;
    return what + " #" + (number.seq() - claimed.firstSeq());
  }

  /** Somebody asks for the job to stop. */
  void askToStop() {
    var _ = run(dues.cancel(row(), nonce()));
  }

  /** Somebody else watches it from now on. */
  void watchedBy(Route route) {
    var _ = run(subscriptions.subscribe(row(), ANN, route, EnumSet.allOf(Kind.class)));
  }

  Job row() {
    return run(jobs.find(claimed.id())).orElseThrow();
  }

  /** How many numbers the row says are used. */
  long rowSeq() {
    return row().seq() - claimed.firstSeq();
  }

  Job still(Call<Kept> call) {
    return ((Kept.Still) run(call)).job();
  }

  <T> T run(Call<T> call) {
    var step = call;
    while (step instanceof Call.Ask<T>(var request, var next)) {
      sent.add(request);
      step = next.apply(tables.send(request));
    }
    return ((Call.Done<T>) step).value();
  }
}
