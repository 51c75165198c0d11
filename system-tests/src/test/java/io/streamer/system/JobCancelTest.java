package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A job that is to stop stops, whatever its handler does. */
@Timeout(60)
class JobCancelTest extends WorkerFixture {

  @Test
  void aHandlerThatNeverReportsKeepsItsLeaseAndSeesACancelWithinASecond() throws Exception {
    var closed = new CountDownLatch(1);
    var seen = new AtomicBoolean();
    behaviour =
        (_, run) -> {
          run.onCancel(closed::countDown);
          try {
            release.await();
          } catch (InterruptedException e) {
            seen.set(run.cancelled());
            throw e;
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    untilCalled(1);
    for (int second = 0; second < 300; second += 20) {
      renewed(id, invocation);
    }
    cancel(id);
    time.advance(Duration.ofSeconds(1));
    invocation.get();

    closed.await();
    assertThat(seen).isTrue();
    assertThat(find(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(find(id).dueAt()).isEmpty();
    var end = node.next().json();
    assertThat(end).contains(Map.entry("type", "error"), Map.entry("seq", 1_000_000_001));
    assertThat(end.getJsonObject("error").getString("code")).isEqualTo("CANCELLED");
    assertThat(node.all()).isEmpty();
    assertThat(abandoned).hasValue(0);
  }

  @Test
  void aHandlerThatIgnoresACancelIsAbandonedAndTheJobIsCancelled() throws Exception {
    behaviour =
        (_, _) -> {
          awaitDeaf(release);
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    untilCalled(1);
    cancel(id);
    timePassesUntilDone(invocation, Duration.ofSeconds(1));
    assertThat(find(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(abandoned).hasValue(1);
  }

  @Test
  void aCancelThatIsStoredBeforeTheOutcomeWins() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(40, "begun");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    node.next();
    cancel(id);
    // no second passes: the worker learns of it by its own refused write
    release.countDown();
    invocation.get();
    assertThat(find(id).status()).isEqualTo(JobStatus.CANCELLED);
    var end = node.next().json();
    assertThat(end).contains(Map.entry("type", "error"));
    assertThat(end.getLong("seq")).isEqualTo(find(id).seq());
    assertThat(node.all()).isEmpty();
  }

  @Test
  void aCancelThatIsStoredBeforeAnotherAttemptWins() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          throw new IllegalStateException("a hiccup");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    untilCalled(1);
    cancel(id);
    release.countDown();
    invocation.get();
    assertThat(find(id).status()).isEqualTo(JobStatus.CANCELLED);
    // the worker learns of the cancel as it stores that there is to be another attempt
    assertThat(node.next().json()).contains(Map.entry("type", "progress"));
    assertThat(node.next().json().getJsonObject("error").getString("code")).isEqualTo("CANCELLED");
  }

  @Test
  void aCancelThatComesBehindTheOutcomeChangesNothing() throws Exception {
    var id = submit("persist", "{}");
    run(id);
    cancel(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aCancelWhileEventsWaitStopsTheHandlerThatEmitsThem() throws Exception {
    node.answer(503);
    behaviour =
        (_, run) -> {
          for (int n = 1; ; n++) {
            run.emit("row", Map.of("n", n));
          }
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    node.next();
    cancel(id);
    time.advance(Duration.ofSeconds(1));
    node.answer(200);
    // slowly: the handler has five of these seconds to give way
    timePassesUntilDone(invocation, Duration.ofMillis(50));
    assertThat(find(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(abandoned).hasValue(0);
    assertThat(Applied.of(node.all()).types()).startsWith("event").endsWith("error");
  }
}
