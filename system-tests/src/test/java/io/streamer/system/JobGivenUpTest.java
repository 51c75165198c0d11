package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.store.SubscriptionCalls;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who takes no events is closed, comes back and asks: it has no gap, and nobody waits for it. */
@Timeout(60)
class JobGivenUpTest extends WorkerFixture {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
  private static final Duration STEP = Duration.ofMillis(500);

  @BeforeEach
  void threeChunks() {
    behaviour =
        (_, run) -> {
          for (int n = 1; n <= 3; n++) {
            run.emit("row", Map.of("n", n));
            // a chunk ends before it
            run.checkpoint(n);
          }
          return RawJson.of("{}");
        };
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 413, 429, 503})
  void aSubscriberThatTakesNoEventsIsClosedAndTheOwnerHasAllAtTheFirstAttempt(int status)
      throws Exception {
    node.answer("deaf", status);
    var id = submit("persist", "{}");
    subscribe(id, "deaf", ALL);
    timePassesUntilDone(start(id), STEP);

    node.awaitClosed("deaf");
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.marks().told()).isTrue();
    var frames = node.all();
    assertThat(Applied.of(to("c1", frames)).ns()).containsExactly(1, 2, 3);
    assertThat(Applied.of(to("c1", frames)).types()).endsWith("complete");
    assertThat(Applied.of(to("deaf", frames)).ns()).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 413, 429, 503})
  void anOwnerThatTakesNoEventsIsClosedAndTheOthersHaveAll(int status) throws Exception {
    node.answer("c1", status);
    var id = submit("persist", "{}");
    subscribe(id, "s", ALL);
    timePassesUntilDone(start(id), STEP);

    node.awaitClosed("c1");
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).attempt()).isEqualTo(1);
    assertThat(find(id).marks().told()).isTrue();
    var frames = node.all();
    assertThat(Applied.of(to("s", frames)).ns()).containsExactly(1, 2, 3);
    assertThat(Applied.of(to("c1", frames)).ns()).containsExactly(1);
  }

  @Test
  void whoCannotBeClosedEitherIsSentNothingMoreAndClosedByWhoeverComesNext() throws Exception {
    node.answer("c1", 403);
    node.answer("deaf", 403);
    node.answerCloses(403);
    var id = submit("persist", "{}");
    subscribe(id, "deaf", ALL);
    timePassesUntilDone(start(id), STEP);

    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    // whoever looks after it tells its end to whom its rows name: these are to be closed
    assertThat(job.dueAt()).isPresent();
    assertThat(job.route().orElseThrow().endpoint()).isEqualTo("closing:node:n1");
    assertThat(subscribers(id)).containsExactly("closing:node:n1");
    var frames = node.all();
    assertThat(Applied.of(to("c1", frames)).ns()).containsExactly(1);
    assertThat(Applied.of(to("deaf", frames)).ns()).containsExactly(1);
    assertThat(Applied.of(frames).types()).doesNotContain("complete");
  }

  @Test
  void theNextAttemptClosesAnOwnerThatTheLastOneCouldNotReach() throws Exception {
    node.answer("c1", 403);
    node.answerCloses(403);
    var rows = behaviour;
    behaviour =
        (request, run) -> {
          var result = rows.handle(request, run);
          if (run.attempt() == 1) {
            throw Failure.tryAgain("BUSY", "not yet");
          }
          return result;
        };
    var id = submit("persist", "{}");
    timePassesUntilDone(start(id), STEP);
    assertThat(find(id).status()).isEqualTo(JobStatus.RETRYING);
    assertThat(find(id).route().orElseThrow().endpoint()).isEqualTo("closing:node:n1");
    node.all();

    node.answer("c1", 200);
    node.answerCloses(204);
    awaken(id);
    timePassesUntilDone(start(id), STEP);
    node.awaitClosed("c1");
    assertThat(node.all()).isEmpty();
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isEmpty();
  }

  private List<String> subscribers(JobId id) {
    return execute(subscriptions.byTopic(SubscriptionCalls.topic(id))).stream()
        .map(subscription -> subscription.route().endpoint())
        .toList();
  }

  private static List<PushTarget.Frame> to(String connection, List<PushTarget.Frame> frames) {
    return frames.stream().filter(frame -> frame.connection().equals(connection)).toList();
  }
}
