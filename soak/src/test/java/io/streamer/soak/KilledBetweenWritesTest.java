package io.streamer.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.fault.Trap;
import io.streamer.emulator.fault.WriteMoment;
import io.streamer.shared.job.JobId;
import io.streamer.shared.table.Tables;
import io.streamer.testtools.Until;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever writes a row is killed right before it or right behind it, for every write that a job's
 * life has. All jobs run side by side: those that are not meant live through it, too.
 */
@Timeout(240)
class KilledBetweenWritesTest {
  private static final String TENANT = "killed";
  private static final long PATIENCE_S = 90;

  @TempDir static Path ledger;
  private static StageSite site;
  private static HttpClient http;
  private static final List<Named> tests = new ArrayList<>();
  private static final List<Thread> clients = new ArrayList<>();

  private record Scenario(
      String name, Followed job, Trap trap, Violations violations, Thread client) {}

  /** A test of its own, for a job that runs by then or is started with it. */
  private record Named(String name, Supplier<Scenario> scenario) {}

  @BeforeAll
  static void start() {
    site = new StageSite(Path.of(System.getProperty("streamer.home")), ledger, 1, false);
    http = Socket.http();
    for (var point : Point.values()) {
      for (var moment : WriteMoment.values()) {
        if (!point.alone()) {
          var running = start(point, moment);
          tests.add(new Named(running.name(), () -> running));
        }
      }
    }
    // behind the others, which kill the gateway too
    for (var point : Point.values()) {
      for (var moment : WriteMoment.values()) {
        if (point.alone()) {
          tests.add(new Named(name(point, moment), () -> start(point, moment)));
        }
      }
    }
  }

  @AfterAll
  static void stop() {
    clients.forEach(Thread::interrupt);
    // a test that failed leaves its socket open
    http.shutdownNow();
    http.close();
    site.close();
  }

  private static String name(Point point, WriteMoment moment) {
    var where = moment == WriteMoment.BEFORE ? "before" : "behind";
    return where + " " + point.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Scenario start(Point point, WriteMoment moment) {
    var name = name(point, moment);
    var violations = new Violations();
    var job = Followed.of(name, point.kind(), new Random(7), violations::add);
    var user = "user " + name;
    var id = JobId.of(TENANT, user, name).value();
    var setting = site.stage().faults().when(write -> point.meets(write, id));
    var trap = (moment == WriteMoment.BEFORE ? setting.before() : setting).then(Trap.kill());
    var client =
        new SoakClient(
            new Access(http, site::doors, site.token(user, TENANT)),
            RequestPlan.of(job),
            new Counts(),
            violations,
            new Random(name.hashCode()),
            // an attach is wanted while the job runs
            point == Point.ATTACH ? 400 : 60_000);
    var thread = Thread.startVirtualThread(client);
    clients.add(thread);
    return new Scenario(name, job, trap, violations, thread);
  }

  @TestFactory
  Stream<DynamicTest> aKillLosesNothing() {
    return tests.stream()
        .map(test -> DynamicTest.dynamicTest(test.name(), () -> check(test.scenario().get())));
  }

  private static void check(Scenario scenario) throws Exception {
    var _ = scenario.client().join(Duration.ofSeconds(PATIENCE_S));
    assertThat(scenario.violations().all()).isEmpty();
    assertThat(scenario.job().ended()).as("its client saw the end").isTrue();
    // the last write comes behind the last frame
    Until.holds("somebody was killed there", scenario.trap()::isSprung);
    try (var dynamo = LocalAws.dynamo(site.dynamo())) {
      var leftovers = new Leftovers(dynamo, new Tables(site.tablePrefix()));
      var id = String.valueOf(scenario.job().jobId());
      Until.matches(
          "nothing is left of it",
          () -> {
            site.stage().runDue();
            return leftovers.of(id);
          },
          left -> left.isEmpty());
      leftovers.compare(List.of(scenario.job()), new ChargeLedger(ledger), scenario.violations());
    }
    assertThat(scenario.violations().all()).isEmpty();
  }
}
