package io.streamer.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.action.Stopped;
import io.streamer.worker.time.Wakeup;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HandoffTest {
  private final Wakeup bell = new Wakeup();
  private final Handoff handoff = new Handoff(bell);
  private final Bounded run = new Bounded();

  /** As far as a run's reports go, a job's run is one like this. */
  private final class Bounded extends BoundedRun {
    Bounded() {
      super("r-1", 2, new Caller("t", "u", Set.of("p")), Instant.EPOCH, Map.of("k", "v"));
    }

    @Override
    protected void reported(double percentage, String message) {
      handoff.progress(percentage, message);
    }

    @Override
    protected StoredFile store(String name, String contentType, FileWriter writer) {
      throw new UnsupportedOperationException("no files here");
    }
  }

  @Test
  void reportsBetweenTwoLooksBecomeTheNewest() {
    run.progress(10, "a");
    run.progress(20, "b");

    assertThat(handoff.take().progress()).isEqualTo(new Handoff.Progress(20, "b"));
    assertThat(handoff.take().progress()).isNull();
  }

  @Test
  void aPercentageNeverFallsAndStaysWithinItsBounds() {
    run.progress(50, "a");
    run.progress(30, "b");
    assertThat(handoff.take().progress()).isEqualTo(new Handoff.Progress(50, "b"));

    run.progress(Double.POSITIVE_INFINITY, "c");
    run.progress(-1, "d");
    assertThat(handoff.take().progress()).isEqualTo(new Handoff.Progress(100, "d"));
  }

  @Test
  void aReportWithoutANumberIsLeftOut() {
    run.progress(Double.NaN, "");
    assertThat(handoff.take().progress()).isNull();
  }

  @Test
  void aLongMessageIsCutBetweenCharacters() {
    run.progress(1, "x".repeat(199) + "\uD83D\uDE00");
    assertThat(handoff.take().progress()).isEqualTo(new Handoff.Progress(1, "x".repeat(199)));

    run.progress(1, "y".repeat(201));
    assertThat(handoff.take().progress()).isEqualTo(new Handoff.Progress(1, "y".repeat(200)));
  }

  @Test
  void annotationsAreBounded() {
    for (int i = 1; i <= 16; i++) {
      run.annotate("k" + i, "v");
    }
    run.annotate("k16", "x".repeat(256));

    run.annotate("k17", "v");
    run.annotate("", "v");
    run.annotate("k1", "x".repeat(257));
    assertThat(run.annotations())
        .hasSize(16)
        .containsEntry("k1", "x".repeat(256))
        .doesNotContainKeys("k17", "")
        .containsEntry("k16", "x".repeat(256));
  }

  @Test
  void theFirstReportAndTheEndWakeTheRunner() throws InterruptedException {
    run.progress(1, "");
    bell.await(Long.MAX_VALUE);
    handoff.take();

    handoff.end(End.DIED);
    bell.await(Long.MAX_VALUE);
    assertThat(handoff.take().end()).isSameAs(End.DIED);
    assertThat(handoff.ended()).isTrue();
  }

  @Test
  void aReportThatCameWhileNobodyListenedWakesTheRunnerOnceItDoes() throws InterruptedException {
    handoff.listen(false);
    run.progress(1, "");
    handoff.listen(true);
    bell.await(Long.MAX_VALUE);
    assertThat(handoff.take().progress()).isNotNull();
  }

  @Test
  void nothingIsReportedOnceItIsClosed() {
    handoff.close();
    run.progress(1, "late");
    assertThat(handoff.take().progress()).isNull();
    assertThat(handoff.ended()).isFalse();
  }

  /** Another thread of the handler's may still be at work. */
  @Test
  void behindTheEndNothingIsTakenAndWhoEmitsHearsOfIt() {
    run.progress(1, "before");
    handoff.emissions().emit("row", RawJson.of("1"));
    handoff.end(End.DIED);
    run.progress(2, "late");
    assertThatExceptionOfType(Stopped.class)
        .isThrownBy(() -> handoff.emissions().emit("row", RawJson.of("2")));
    assertThatExceptionOfType(Stopped.class)
        .isThrownBy(() -> handoff.emissions().reach(RawJson.of("2")));
    assertThat(handoff.take().progress()).isEqualTo(new Handoff.Progress(1, "before"));
    assertThat(handoff.emissions().events()).hasSize(1);
  }

  @Test
  void aRunTellsWhatItWasGiven() {
    assertThat(run.id()).isEqualTo("r-1");
    assertThat(run.attempt()).isEqualTo(2);
    assertThat(run.caller().has("p")).isTrue();
    assertThat(run.deadline()).isEqualTo(Instant.EPOCH);
    assertThat(run.metadata()).isEqualTo(Map.of("k", "v"));
  }
}
