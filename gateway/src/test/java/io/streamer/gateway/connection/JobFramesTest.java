package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.connection.JobFrames.Verdict;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.Numbered;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a job's frames go out on one connection, and when. */
class JobFramesTest {
  private final AtomicLong kept = new AtomicLong();
  private final JobFrames jobs = new JobFrames(kept::addAndGet);
  private static final int LENGTH = 100;

  private final List<Long> sent = new ArrayList<>();

  @Test
  void numbersOnlyRise() {
    assertThat(offer(3, Kind.EVENT)).isEqualTo(Verdict.SEND);
    assertThat(offer(3, Kind.EVENT)).isEqualTo(Verdict.SEEN);
    assertThat(offer(2, Kind.TERMINAL)).isEqualTo(Verdict.SEEN);
    assertThat(offer(4, Kind.TERMINAL)).isEqualTo(Verdict.SEND);
    assertThat(jobs.seen("j")).isEqualTo(4);
    assertThat(jobs.seen("another")).isZero();
  }

  @Test
  void whatIsHeldBackGoesBehindWhatIsPushedPastIt() {
    jobs.hold("j");
    assertThat(offer(2, Kind.EVENT)).isEqualTo(Verdict.HELD);
    assertThat(offer(3, Kind.EVENT)).isEqualTo(Verdict.HELD);
    assertThat(jobs.pass(new Numbered("j", 1, Kind.EVENT))).isEqualTo(Verdict.SEND);
    assertThat(jobs.pass(new Numbered("j", 2, Kind.EVENT))).isEqualTo(Verdict.SEND);
    jobs.release("j");
    assertThat(sent).containsExactly(3L);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "2, true", "2, false"})
  void whatIsHeldBackGoesBeforeAnEndThatIsPushedPastIt(int holds, boolean endIsHeld) {
    for (int i = 0; i < holds; i++) {
      jobs.hold("j");
    }
    assertThat(offer(2, Kind.EVENT)).isEqualTo(Verdict.HELD);
    assertThat(jobs.pass(new Numbered("j", 2, Kind.EVENT))).isEqualTo(Verdict.SEND);
    assertThat(offer(3, Kind.PROGRESS)).isEqualTo(Verdict.HELD);
    if (endIsHeld) {
      assertThat(offer(4, Kind.TERMINAL)).isEqualTo(Verdict.HELD);
    }
    assertThat(jobs.pass(new Numbered("j", 4, Kind.TERMINAL)))
        .isEqualTo(endIsHeld ? Verdict.SEEN : Verdict.SEND);
    assertThat(sent).isEqualTo(endIsHeld ? List.of(3L, 4L) : List.of(3L));
    assertThat(kept.get()).isEqualTo(JobFrames.JOB_BYTES);
    for (int i = 0; i < holds; i++) {
      jobs.release("j");
    }
    assertThat(offer(4, Kind.TERMINAL)).isEqualTo(Verdict.SEEN);
    jobs.hold("j");
    assertThat(offer(5, Kind.EVENT)).isEqualTo(Verdict.SEEN);
    assertThat(sent).hasSize(endIsHeld ? 2 : 1);
  }

  @Test
  void soManyAreHeldBackAndTheSenderKeepsTheOthers() {
    jobs.hold("j");
    for (int seq = 1; seq <= 256; seq++) {
      assertThat(offer(seq, Kind.EVENT)).isEqualTo(Verdict.HELD);
    }
    assertThat(offer(257, Kind.EVENT)).isEqualTo(Verdict.REFUSED);
    assertThat(offer(258, Kind.TERMINAL)).isEqualTo(Verdict.REFUSED);
    jobs.release("j");
    assertThat(sent).hasSize(256).isSorted();
    assertThat(offer(257, Kind.EVENT)).isEqualTo(Verdict.SEND);
    assertThat(offer(258, Kind.TERMINAL)).isEqualTo(Verdict.SEND);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 5_000})
  void ofJobsThatCameToNothingNothingIsKept(int ids) {
    for (int i = 0; i < ids; i++) {
      jobs.hold("job-" + i);
      jobs.hold("job-" + i);
      jobs.release("job-" + i);
      assertThat(kept.get()).isEqualTo(JobFrames.JOB_BYTES);
      jobs.release("job-" + i);
      assertThat(kept.get()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2_048, 5_000})
  void whatIsRememberedOfJobsIsCountedAndBounded(int ids) {
    for (int i = 0; i < ids; i++) {
      switch (i % 3) {
        case 0 -> jobs.want("job-" + i, Set.of());
        case 1 -> jobs.forgo("job-" + i);
        default -> jobs.had("job-" + i, 7);
      }
      jobs.hold("job-" + i);
      jobs.release("job-" + i);
    }
    assertThat(kept.get()).isEqualTo(Math.min(ids, 2_048) * (long) JobFrames.JOB_BYTES);
    for (int i = 0; i < ids; i++) {
      jobs.want("job-" + i, Set.of(Kind.TERMINAL));
      assertThat(jobs.pass(new Numbered("job-" + i, 8, Kind.TERMINAL))).isEqualTo(Verdict.SEND);
    }
    assertThat(kept.get()).isZero();
  }

  /** One whose answer is on its way is not forgotten: others are, in its place. */
  @ParameterizedTest
  @CsvSource({"1, 2048", "1, 5000", "100, 5000", "2048, 5000", "2100, 50"})
  void soManyAreRememberedThoughTheEldestWaitForTheirAnswers(int waiting, int others) {
    for (int i = 0; i < waiting; i++) {
      jobs.hold("waiting-" + i);
    }
    for (int i = 0; i < others; i++) {
      jobs.had("job-" + i, 7);
      assertThat(kept.get())
          .isLessThanOrEqualTo(Math.max(2_048, waiting + 1) * (long) JobFrames.JOB_BYTES);
    }
    for (int i = 0; i < waiting; i++) {
      jobs.want("waiting-" + i, Set.of(Kind.EVENT));
      jobs.release("waiting-" + i);
    }
    jobs.had("another", 7);
    assertThat(kept.get()).isEqualTo(2_048L * JobFrames.JOB_BYTES);
    assertThat(jobs.seen("another")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 131_072, 2_000_000})
  void soManyBytesAreHeldBackOfAllJobsTogether(int length) {
    int held = 0;
    for (int job = 0; job < 64; job++) {
      var id = "job-" + job;
      jobs.hold(id);
      while (jobs.take(new Numbered(id, held + 1, Kind.EVENT), length, () -> {}) == Verdict.HELD) {
        held++;
      }
    }
    // a single one is taken, whatever it has
    assertThat((long) held * length).isLessThanOrEqualTo(Math.max(length, 1024 * 1024));
    assertThat(held).isEqualTo(Math.max(1, 1024 * 1024 / (length + 256)));
    assertThat(kept.get()).isEqualTo(held * (length + 256L) + 64L * JobFrames.JOB_BYTES);
    for (int job = 0; job < 64; job++) {
      jobs.release("job-" + job);
    }
    assertThat(kept.get()).isZero();
    jobs.hold("j");
    assertThat(offer(1, Kind.EVENT)).isEqualTo(Verdict.HELD);
  }

  @Test
  void whatAnAnswerHadIsNotSent() {
    jobs.hold("j");
    offer(5, Kind.EVENT);
    offer(6, Kind.PROGRESS);
    jobs.had("j", 5);
    jobs.release("j");
    assertThat(sent).containsExactly(6L);
    jobs.had("j", 2);
    assertThat(offer(6, Kind.PROGRESS)).isEqualTo(Verdict.SEEN);
  }

  @Test
  void whatIsNotWantedIsDroppedAndCountsAsNotSeen() {
    jobs.want("j", Set.of(Kind.PROGRESS));
    assertThat(offer(1, Kind.PROGRESS)).isEqualTo(Verdict.SEND);
    assertThat(offer(2, Kind.TERMINAL)).isEqualTo(Verdict.UNWANTED);
    jobs.want("j", Set.of());
    assertThat(offer(3, Kind.PROGRESS)).isEqualTo(Verdict.UNWANTED);
    jobs.want("j", Set.of(Kind.values()));
    assertThat(offer(2, Kind.TERMINAL)).isEqualTo(Verdict.SEND);
  }

  @Test
  void ofAJobThatNoAnswerAnnouncedNothingIsSentUntilItIsWanted() {
    jobs.hold("j");
    offer(1, Kind.PROGRESS);
    jobs.forgo("j");
    jobs.release("j");
    assertThat(offer(2, Kind.PROGRESS)).isEqualTo(Verdict.UNWANTED);
    assertThat(sent).isEmpty();
    jobs.want("j", Set.of(Kind.values()));
    assertThat(offer(3, Kind.TERMINAL)).isEqualTo(Verdict.SEND);
  }

  @Test
  void aJobThatIsAnnouncedIsNotForgone() {
    jobs.want("j", Set.of(Kind.values()));
    jobs.forgo("j");
    assertThat(offer(1, Kind.PROGRESS)).isEqualTo(Verdict.SEND);
  }

  @Test
  void whatIsWantedIsAskedWhenAFrameGoesOut() {
    jobs.want("j", Set.of());
    jobs.hold("j");
    assertThat(offer(1, Kind.EVENT)).isEqualTo(Verdict.HELD);
    jobs.want("j", Set.of(Kind.EVENT));
    jobs.release("j");
    assertThat(sent).containsExactly(1L);
  }

  @Test
  void aSecondEndIsDroppedBehindThousandsOfOtherJobs() {
    offer(1, Kind.PROGRESS);
    offer(2, Kind.TERMINAL);
    end(EndedJobs.MOST - 1);
    jobs.hold("j");
    jobs.want("j", Set.of(Kind.values()));
    assertThat(jobs.seen("j")).isEqualTo(2);
    assertThat(jobs.pass(new Numbered("j", 2, Kind.TERMINAL))).isEqualTo(Verdict.SEEN);
    jobs.release("j");
    assertThat(offer(2, Kind.TERMINAL)).isEqualTo(Verdict.SEEN);
  }

  @Test
  void whatHasEndedTakesNoPlaceFromWhatRuns() {
    jobs.want("j", Set.of(Kind.PROGRESS));
    offer(3, Kind.PROGRESS);
    end(3_000);
    assertThat(offer(3, Kind.PROGRESS)).isEqualTo(Verdict.SEEN);
    assertThat(offer(4, Kind.EVENT)).isEqualTo(Verdict.UNWANTED);
  }

  @Test
  void aJobThatIsAnotherOneByNowStartsAgain() {
    offer(5, Kind.PROGRESS);
    jobs.restart("j");
    assertThat(offer(2, Kind.PROGRESS)).isEqualTo(Verdict.SEND);
    offer(9, Kind.TERMINAL);
    jobs.restart("j");
    assertThat(offer(3, Kind.TERMINAL)).isEqualTo(Verdict.SEND);
    assertThat(offer(3, Kind.TERMINAL)).isEqualTo(Verdict.SEEN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofThoseHeldBackOneThatFailsTakesNoneWithIt(boolean byAnEnd) {
    jobs.hold("j");
    jobs.take(
        new Numbered("j", 1, Kind.EVENT),
        LENGTH,
        () -> {
          throw new AssertionError("as if");
        });
    offer(2, Kind.EVENT);
    assertThatThrownBy(
            () -> {
              if (byAnEnd) {
                jobs.pass(new Numbered("j", 3, Kind.TERMINAL));
              } else {
                jobs.release("j");
              }
            })
        .hasMessage("as if");
    assertThat(sent).containsExactly(2L);
    assertThat(kept.get()).isEqualTo(JobFrames.JOB_BYTES);
    if (byAnEnd) {
      assertThat(offer(4, Kind.EVENT)).isEqualTo(Verdict.HELD);
    }
  }

  private void end(int others) {
    for (int i = 0; i < others; i++) {
      var id = JobId.of("acme", "ann", "r-" + i).value();
      jobs.pass(new Numbered(id, 1, Kind.TERMINAL));
    }
  }

  private Verdict offer(long seq, Kind kind) {
    var frame = new Numbered("j", seq, kind);
    var verdict = jobs.take(frame, LENGTH, () -> offer(seq, kind));
    if (verdict == Verdict.SEND) {
      sent.add(seq);
    }
    return verdict;
  }
}
