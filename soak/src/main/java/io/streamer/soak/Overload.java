package io.streamer.soak;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.Trap;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.streamer.shared.table.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * More jobs than can be started, for a while, then none: all of them must end, and none may be
 * started over and over while it waits.
 */
public final class Overload {
  private static final String JOB_FUNCTION = "streamer-job";
  private static final int SENDERS = 8;
  private static final long LINE_MS = 5_000;

  /** The least time between two starts of a job that nobody has claimed. */
  static final Duration START_AGAIN = Duration.ofMinutes(1);

  private static final Duration TOKEN = Duration.ofDays(2);

  /**
   * How much of it.
   *
   * @param perSecond requests in each second
   * @param time for so long
   * @param start how long Lambda takes to accept one job's start
   * @param concurrency how many jobs run at once at most
   * @param patience how long all of them may take to end, once there are no more requests
   */
  public record Options(
      int perSecond, Duration time, Duration start, int concurrency, Duration patience) {}

  /**
   * What came of it.
   *
   * @param accepted jobs that their clients know to be stored
   * @param refused answers that asked a client to come again later
   * @param ended jobs whose clients heard the end
   * @param starts writes that ask for a worker: the submit is the first one of each job
   * @param invocations of the function that runs jobs
   * @param recovery from the last request to the last end
   * @param violations what does not hold
   */
  public record Report(
      long accepted,
      long refused,
      long ended,
      long starts,
      long invocations,
      Duration recovery,
      List<String> violations) {}

  private final Stage stage;
  private final Options options;
  private final Consumer<String> live;
  private final AtomicLong starts = new AtomicLong();
  private final Load load = new Load();
  private final long begun = System.nanoTime();

  private Overload(Stage stage, Options options, Consumer<String> live) {
    this.stage = stage;
    this.options = options;
    this.live = live;
  }

  /**
   * Runs it to its end, on a stage of its own with the settings of production.
   *
   * @param live takes a line every five seconds
   */
  public static Report run(Path home, Path ledger, Options options, Consumer<String> live)
      throws InterruptedException, IOException {
    var settings = new HashMap<>(SoakActions.ledger(ledger));
    // a stage looks sooner
    settings.put("STREAMER_SUBMIT_DUE", START_AGAIN.toSeconds() + "s");
    var stage =
        Stage.start(
            StageOptions.at(home)
                .modules(List.of(new SoakActions()))
                .settings(settings)
                .jobConcurrency(options.concurrency()));
    try (stage) {
      return new Overload(stage, options, live).run(DevKey.at(home));
    }
  }

  private Report run(DevKey key) throws InterruptedException, IOException {
    stage
        .faults()
        .set(
            FaultPlan.of(
                1, FaultRule.invoke(JOB_FUNCTION, When.ALWAYS, new Fault.Delay(options.start()))));
    // a trap that never springs sees each write
    stage
        .faults()
        .when(write -> {
          if (write.sets("start").isPresent()) {
            starts.incrementAndGet();
          }
          return false;
        })
        .then(Trap.kill());
    try (var http = Socket.http()) {
      var senders = new ArrayList<OverloadSender>();
      for (int i = 0; i < SENDERS; i++) {
        var token =
            key.sign(
                TokenClaims.of("user-" + i, "overload", List.of(), TOKEN, Instant.now()).all());
        senders.add(
            new OverloadSender(
                Socket.open(http, stage.direct(), token),
                "o" + i + "-",
                Duration.ofSeconds(SENDERS).dividedBy(options.perSecond()),
                options.time(),
                load));
      }
      var threads = senders.stream().map(Thread::startVirtualThread).toList();
      var last = System.nanoTime() + options.time().toNanos();
      var deadline = last + options.patience().toNanos();
      while (threads.stream().anyMatch(Thread::isAlive) && System.nanoTime() < deadline) {
        Thread.sleep(LINE_MS);
        live.accept(line());
      }
      threads.forEach(Thread::interrupt);
      for (var thread : threads) {
        thread.join();
      }
      // a close that the other side does not answer would be waited for
      http.shutdownNow();
      return report(Duration.ofNanos(load.lastEnd.get() - last));
    }
  }

  private Report report(Duration recovery) {
    var violations = new ArrayList<>(load.violations.all());
    if (load.ended.get() != load.accepted.get()) {
      violations.add(
          "%d jobs were accepted, and %d were seen to end"
              .formatted(load.accepted.get(), load.ended.get()));
    }
    if (starts.get() > load.mostStarts.get()) {
      violations.add(
          "%d starts are more than one for each job and one more for each minute that it waited, %d"
              .formatted(starts.get(), load.mostStarts.get()));
    }
    try (var dynamo = LocalAws.dynamo(stage.dynamo())) {
      violations.addAll(new Leftovers(dynamo, new Tables(stage.tablePrefix())).all());
    }
    return new Report(
        load.accepted.get(),
        load.refused.get(),
        load.ended.get(),
        starts.get(),
        stage.faults().count("invoke delay"),
        recovery.isNegative() ? Duration.ZERO : recovery,
        List.copyOf(violations));
  }

  private String line() {
    var seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    return "%02d:%02d  sent %d, jobs accepted %d, refused %d, ended %d, starts %d, invocations %d"
        .formatted(
            seconds / 60,
            seconds % 60,
            load.sent.get(),
            load.accepted.get(),
            load.refused.get(),
            load.ended.get(),
            starts.get(),
            stage.faults().count("invoke delay"));
  }

  /** What all senders count. */
  static final class Load {
    final AtomicLong sent = new AtomicLong();
    final AtomicLong accepted = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong ended = new AtomicLong();

    /** Starts that the jobs which have ended may have had. */
    final AtomicLong mostStarts = new AtomicLong();

    /** By {@link System#nanoTime}. */
    final AtomicLong lastEnd = new AtomicLong(System.nanoTime());

    final Violations violations = new Violations();
  }
}
