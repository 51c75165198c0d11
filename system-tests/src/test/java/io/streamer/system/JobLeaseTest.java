package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.testtools.Until;
import io.streamer.worker.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A worker holds its job as long as it can write, and not longer. */
@Timeout(60)
class JobLeaseTest extends WorkerFixture {
  @Test
  void aWorkerThatLostItsJobWritesAndSaysNothingMore() throws Exception {
    var interrupted = new CountDownLatch(1);
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          try {
            release.await();
          } catch (InterruptedException _) {
            run.progress(50, "too late");
            interrupted.countDown();
          }
          return RawJson.of("{\"from\":\"the old one\"}");
        };
    var id = submit("probe", "{}");
    var invocation = start(id);
    node.next();
    takeOver(id);
    time.advance(Duration.ofSeconds(1));
    invocation.get();

    assertThat(interrupted.getCount()).isZero();
    assertThat(node.all()).isEmpty();
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.epoch()).isEqualTo(2);
    assertThat(job.percentage()).isEqualTo(10);
  }

  @Test
  void anOutcomeOfAWorkerThatLostItsJobIsDropped() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{\"from\":\"the old one\"}");
        };
    var id = submit("probe", "{}");
    var invocation = start(id);
    untilCalled(1);
    takeOver(id);
    release.countDown();
    invocation.get();

    assertThat(node.all()).isEmpty();
    assertThat(find(id).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(find(id).epoch()).isEqualTo(2);
  }

  @Test
  void theLeaseOfASilentHandlerIsRenewed() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("travel", "{\"to\":\"Rome\"}");
    var invocation = start(id);
    untilCalled(1);
    var before = find(id).leaseUntil();
    time.advance(Duration.ofSeconds(20));
    var renewed =
        Until.matches(
            "the lease is renewed", () -> find(id).leaseUntil(), lease -> lease != before);
    assertThat(renewed).isEqualTo(before + 20_000);
    release.countDown();
    invocation.get();
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aHandlerWhoseThreadsHoldAllCarriersKeepsItsLeaseAndIsHeard() throws Exception {
    int carriers =
        Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    var holding = new CountDownLatch(carriers);
    var computing = new AtomicBoolean(true);
    behaviour =
        (_, run) -> {
          for (int i = 0; i < carriers; i++) {
            Thread.ofVirtual()
                .start(() -> {
                  holding.countDown();
                  compute(computing);
                });
          }
          holding.await();
          run.progress(10, "computing");
          compute(computing);
          return RawJson.of("{}");
        };
    try {
      var id = submit("travel", "{\"to\":\"Rome\"}");
      var invocation = start(id);
      assertThat(node.next().json().getString("message")).isEqualTo("computing");
      renewed(id, invocation);
      assertThat(invocation.isDone()).isFalse();
      computing.set(false);
      invocation.get();
      assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    } finally {
      computing.set(false);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "PT12H", "-PT1H", "-P30D"})
  void aClockThatIsSetTakesNoJobFromItsWorkerAndKeepsNoProgressBack(Duration by) throws Exception {
    var clock = new ShiftedClock();
    var seen = new CountDownLatch(1);
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          release.await();
          run.progress(50, "later");
          seen.await();
          return RawJson.of("{}");
        };
    worker.close();
    worker = worker(server.uri(), Time.of(clock, System::nanoTime));
    var id = submit("travel", "{\"to\":\"Rome\"}");
    var invocation = start(id);
    assertThat(node.next().json().getString("message")).isEqualTo("begun");
    clock.advance(by);
    release.countDown();
    assertThat(node.next().json().getString("message")).isEqualTo("later");
    seen.countDown();
    invocation.get();

    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).epoch()).isEqualTo(1);
  }

  /** Gives nobody else its carrier. */
  private static void compute(AtomicBoolean computing) {
    while (computing.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aLeaseThatCannotBeRenewedInterruptsTheHandler() throws Exception {
    var interrupted = new CountDownLatch(1);
    behaviour =
        (_, _) -> {
          try {
            release.await();
          } catch (InterruptedException _) {
            interrupted.countDown();
          }
          return RawJson.of("{}");
        };
    worker.close();
    try (var cable = new Cable(server.uri())) {
      worker = worker(cable.uri());
      var id = submit("travel", "{\"to\":\"Rome\"}");
      var invocation = start(id);
      untilCalled(1);
      cable.cut();
      timePassesUntilDone(invocation, Duration.ofSeconds(45));

      assertThat(interrupted.getCount()).isZero();
      assertThat(node.all()).isEmpty();
      assertThat(find(id).status()).isEqualTo(JobStatus.RUNNING);
    }
  }

  /** As a dispatcher and another worker would, after a lost lease. */
  private static void takeOver(JobId id) {
    client.updateItem(update ->
        update
            .tableName(TABLES.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(id.value())))
            .updateExpression("SET epoch = :epoch, claim = :claim")
            .expressionAttributeValues(
                Map.of(
                    ":epoch", AttributeValue.fromN("2"),
                    ":claim", AttributeValue.fromS("another worker"))));
  }
}
