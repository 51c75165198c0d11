package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ServerFrame.Rewind;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.testtools.Until;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs that take longer than an invocation go on from their checkpoints. */
@Timeout(60)
class JobCheckpointTest extends WorkerFixture {
  private static final Duration PIECE = Duration.ofSeconds(20);
  private static final int PIECES = 120;

  private final CountDownLatch stuck = new CountDownLatch(1);

  record Cursor(int done) {}

  @Test
  void aJobOfFortyMinutesTakesThreeInvocationsAndOneAttempt() throws Exception {
    var worked = new CopyOnWriteArrayList<Integer>();
    behaviour =
        (_, run) -> {
          int done = run.checkpoint(Cursor.class).map(Cursor::done).orElse(0);
          for (int n = done + 1; n <= PIECES; n++) {
            time.advance(PIECE);
            worked.add(n);
            run.emit("piece", Map.of("n", n));
            run.progress(100.0 * n / PIECES, "piece " + n);
            run.checkpoint(new Cursor(n));
          }
          return RawJson.of("{\"attempt\":" + run.attempt() + "}");
        };
    var id = submit("persist", "{}");
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.QUEUED);
    assertThat(find(id).percentage()).isBetween(30.0, 40.0);
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.QUEUED);
    run(id);

    assertThat(calls).hasValue(3);
    assertThat(worked).isEqualTo(IntStream.rangeClosed(1, PIECES).boxed().toList());
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.epoch()).isEqualTo(3);
    var frames = node.all();
    var applied = Applied.of(frames);
    assertThat(applied.types()).doesNotContain("rewind", "error").endsWith("complete");
    assertThat(applied.ns()).isEqualTo(worked);
    assertThat(
            frames.stream()
                .map(PushTarget.Frame::json)
                .filter(json -> json.getString("type").equals("progress")))
        .extracting(json -> json.getDouble("percentage"))
        .isSorted();
    assertThat(frames.getLast().json().getJsonObject("result").getInteger("attempt")).isEqualTo(1);
  }

  @Test
  void aCheckpointWithoutAnEndOfTimeReturnsAndIsReadAgain() throws Exception {
    var read = new CopyOnWriteArrayList<Integer>();
    behaviour =
        (_, run) -> {
          run.checkpoint(new Cursor(7));
          read.add(run.checkpoint(Cursor.class).orElseThrow().done());
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    run(id);
    assertThat(read).containsExactly(7);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void anInvocationWhoseTimeRunsOutBehindACheckpointIsGoneOnFrom() throws Exception {
    var starts = new CopyOnWriteArrayList<Integer>();
    behaviour =
        (_, run) -> {
          starts.add(run.checkpoint(Cursor.class).map(Cursor::done).orElse(0));
          if (starts.size() == 1) {
            run.checkpoint(new Cursor(1));
            release.await();
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    untilCalled(1);
    leaseIsRenewedUntilDone(id, invocation);
    assertThat(find(id).status()).isEqualTo(JobStatus.QUEUED);
    run(id);
    assertThat(starts).containsExactly(0, 1);
    assertThat(find(id).attempt()).isEqualTo(1);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aCheckpointWhereTheRunBeganDoesNotHandItOnForEver() throws Exception {
    behaviour =
        (_, run) -> {
          run.checkpoint(new Cursor(1));
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    leaseIsRenewedUntilDone(id, start(id));
    assertThat(find(id).status()).isEqualTo(JobStatus.QUEUED);
    // the second invocation gets no further than the first
    leaseIsRenewedUntilDone(id, start(id));
    assertThat(find(id).status()).isEqualTo(JobStatus.RETRYING);
    assertThat(find(id).attempt()).isEqualTo(2);
  }

  @Test
  void anAttemptThatTakesTooLongCountsInSpiteOfACheckpoint() throws Exception {
    behaviour =
        (_, run) -> {
          run.checkpoint(new Cursor(1));
          release.await();
          return RawJson.of("{}");
        };
    // its timeout is 10 s, and it has one attempt
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(1));
    assertThat(find(id).status()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void aHandlerThatCatchesEverythingIsHandedOnAllTheSame() throws Exception {
    var starts = new AtomicInteger();
    var reached = new AtomicInteger();
    behaviour =
        (_, run) -> {
          if (starts.incrementAndGet() > 1) {
            return RawJson.of(
                "{\"from\":" + run.checkpoint(Cursor.class).orElseThrow().done() + "}");
          }
          for (int n = 1; ; n++) {
            try {
              time.advance(PIECE);
              run.checkpoint(new Cursor(n));
            } catch (Throwable _) {
              // what an Error is for
              reached.set(n);
              return RawJson.of("{\"half\":\"done\"}");
            }
          }
        };
    var id = submit("persist", "{}");
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.QUEUED);
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(node.all().getLast().json().getJsonObject("result").getInteger("from"))
        .isEqualTo(reached.get());
  }

  @Test
  void aRunThatStartsAgainVoidsWhatCameAfterItsCheckpoint() throws Exception {
    behaviour =
        (_, run) -> {
          int done = run.checkpoint(Cursor.class).map(Cursor::done).orElse(0);
          for (int n = done + 1; n <= 3; n++) {
            run.emit("row", Map.of("n", n, "attempt", run.attempt()));
            if (n == 1) {
              run.checkpoint(new Cursor(n));
            }
          }
          if (run.attempt() == 1) {
            // until they are stored: what is not is dropped with the attempt
            stuck.await();
            throw new IllegalStateException("a hiccup");
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    Until.matches(
        "three events are stored",
        () -> {
          time.advance(Duration.ofMillis(250));
          return find(id).eventSeq();
        },
        seq -> seq >= 1_000_000_003L);
    stuck.countDown();
    invocation.get();
    awaken(id);
    timePassesUntilDone(start(id), Duration.ofMillis(100));

    assertThat(Applied.of(node.all()).rows())
        .extracting(row -> row.getInteger("n") + " of " + row.getInteger("attempt"))
        .containsExactly("1 of 1", "2 of 2", "3 of 2");
    var replay = execute(new EventCalls(TABLES).after(find(id), 0, 1 << 20)).events();
    assertThat(replay.stream().map(event -> event instanceof Rewind))
        .containsExactly(false, false, false, true, false, false);
    assertThat(((Rewind) replay.get(3)).afterSeq()).isEqualTo(replay.getFirst().seq());
  }
}
