package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.job.Due;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody puts a subscription to a job while that comes to its end: in each order of the two, with
 * what is done behind its answer, never, or late.
 */
class LeftSubscriptionsTest {
  private static final int MOST_REQUESTS = 5;
  private static final Outcome FAILURE =
      new Outcome.Failed(Problem.of(ErrorCode.PROCESSING_FAILED, "no"));

  private final MemoryTables tables = new MemoryTables(Map.of());
  private final JobCalls jobs = new JobCalls(LifeModel.TABLES, LifeModel.LIMITS, this::now);
  private final DueCalls dues = new DueCalls(LifeModel.TABLES, LifeModel.LIMITS, this::now);
  private final Ownership ownership = new Ownership(LifeModel.TABLES, LifeModel.LIMITS, this::now);
  private final SubscriptionCalls subscriptions =
      new SubscriptionCalls(LifeModel.TABLES, LifeModel.LIMITS, this::now);
  private final List<StoreRequest> puts = new ArrayList<>();
  private long now = LifeModel.NOW;
  private Job job;
  private long known;
  private List<Subscription> watchers = List.of();

  enum Way {
    SUBSCRIBE,
    TAKE_OVER,
    COME_BACK
  }

  enum Then {
    /** It does the rest, with the job's end told. */
    GOES_ON,
    STOPS,
    /** What it has put is put once more, behind the end. */
    PUTS_LATE,
    /** The request that it was about to make is done behind the end. */
    IS_DONE_LATE
  }

  /**
   * One order.
   *
   * @param shared whether somebody watches before
   * @param made requests that are done before the end
   * @param looked behind how many of them the job's holder looks at the row
   */
  record Order(Way way, boolean shared, int made, int looked, Then then) {}

  static Stream<Order> orders() {
    return Stream.of(Way.values())
        .flatMap(way ->
            Stream.of(true, false)
                // who comes back to a job that nobody else watches leaves none
                .filter(shared -> shared || way != Way.COME_BACK)
                .flatMap(shared ->
                    IntStream.rangeClosed(0, MOST_REQUESTS)
                        .boxed()
                        .flatMap(made ->
                            IntStream.rangeClosed(0, made)
                                .boxed()
                                .flatMap(looked ->
                                    Stream.of(Then.values())
                                        .map(
                                            then -> new Order(way, shared, made, looked, then))))));
  }

  @BeforeEach
  void claim() {
    var request = Jobs.request("run-1", "{}", Map.of());
    var routed =
        new NewJob(
            request.run(),
            request.caller(),
            request.requestId(),
            request.action(),
            request.payload(),
            Map.of(),
            Optional.empty(),
            Optional.of(LifeCalls.route(0)),
            Options.NONE,
            Optional.empty());
    var submitted = run(jobs.submit(routed));
    job = ((Claim.Claimed) run(jobs.claim(submitted.job().id(), 0, "w"))).job();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void behindItsEndNoneIsLeft(Order order) {
    if (order.shared()) {
      run(subscriptions.subscribe(job, Jobs.ANN, LifeCalls.route(3), Set.of(Kind.TERMINAL)));
    }
    Call<?> step = call(order.way());
    for (int i = 0; i <= order.made(); i++) {
      if (i == order.looked()) {
        look(((Kept.Still) run(jobs.renew(job, job.firstSeq() + i, "look"))).job());
      }
      if (i < order.made()) {
        step = further(step);
      }
    }
    end();
    switch (order.then()) {
      case STOPS -> {}
      case GOES_ON -> {
        while (step instanceof Call.Ask<?>) {
          step = further(step);
        }
      }
      case PUTS_LATE -> puts.forEach(tables::send);
      case IS_DONE_LATE -> further(step);
    }
    timePasses();

    assertThat(left()).isEmpty();
    assertThat(row().dueAt()).isEmpty();
    assertThat(Ownership.told(row())).isTrue();
  }

  private Call<?> call(Way way) {
    var route = new Route("c1", "node:n1", LifeCalls.route(0).expiresAt());
    return switch (way) {
      case SUBSCRIBE -> subscriptions.subscribe(row(), Jobs.ANN, route, Set.of(Kind.TERMINAL));
      case TAKE_OVER -> ownership.takeOver(row(), route, _ -> false);
      case COME_BACK -> ownership.attach(job.id(), Jobs.ANN, route, _ -> false);
    };
  }

  private <T> Call<T> further(Call<T> step) {
    if (!(step instanceof Call.Ask<T>(var request, var next))) {
      return step;
    }
    if (request instanceof StoreRequest.Put) {
      puts.add(request);
    }
    return next.apply(tables.send(request));
  }

  /** As whoever tells the job's end: it reads who watches whenever that has changed. */
  private void look(Job image) {
    job = image;
    if (image.marks().watch() > known) {
      known = image.marks().watch();
      watchers = run(subscriptions.byTopic(SubscriptionCalls.topic(image.id())));
    }
  }

  private void end() {
    var seq = job.firstSeq() + 100;
    look(
        ((Kept.Still) run(jobs.finish(job, FAILURE, new Report(0, ""), seq, Map.of(), "end")))
            .job());
    tell();
  }

  private void tell() {
    watchers.forEach(
        watcher -> run(subscriptions.delete(watcher.topic(), watcher.route().connection())));
    run(jobs.delivered(job));
  }

  private void timePasses() {
    var due =
        Due.of(
            LifeModel.LIMITS.lease(),
            LifeModel.LIMITS.dueAfter(),
            LifeModel.LIMITS.retention(),
            _ -> 1);
    for (int i = 0; i < 3; i++) {
      now += LifeModel.LIMITS.lease().toMillis() + LifeModel.LIMITS.dueAfter().toMillis();
      switch (due.decide(row(), now)) {
        case Due.Decision.Nothing _ -> {}
        case Due.Decision.Deliver _ -> {
          known = 0;
          look(row());
          tell();
        }
        case Due.Decision.Sweep _ -> run(dues.sweep(row()));
        case Due.Decision other -> throw new AssertionError(other);
      }
    }
  }

  private List<Item> left() {
    return tables.items().values().stream().filter(item -> item.has("topic")).toList();
  }

  private Job row() {
    return run(jobs.find(job.id())).orElseThrow();
  }

  private Instant now() {
    return Instant.ofEpochMilli(now);
  }

  private <T> T run(Call<T> call) {
    return LifeCalls.run(tables, call);
  }
}
