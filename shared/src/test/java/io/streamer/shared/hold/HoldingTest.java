package io.streamer.shared.hold;

import static io.streamer.shared.hold.HeldJob.OTHER_TAB;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Ending.Ends;
import io.streamer.shared.hold.Ending.Expires;
import io.streamer.shared.hold.Ending.HandedOn;
import io.streamer.shared.hold.Ending.Stops;
import io.streamer.shared.hold.Ending.TriedAgain;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Said;
import io.streamer.shared.table.StoreRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the holder of a job writes, reads and says, step by step. */
class HoldingTest {
  private static final Outcome SUCCESS = new Outcome.Succeeded(RawJson.of("{\"pages\":3}"));
  private static final Outcome FAILURE =
      new Outcome.Failed(Problem.of(ErrorCode.PROCESSING_FAILED, "no"));

  private final HeldJob job = new HeldJob();
  private final Holding holding = job.holding;

  @Test
  void inEachSecondWithoutAWriteTheRowIsReadAtHalfPrice() {
    assertThat(job.turn()).isEqualTo("wait 1000");
    for (int second = 0; second < 19; second++) {
      job.now += 1_000;
      job.sent.clear();
      assertThat(job.turn()).isEqualTo("look");
      assertThat(job.sent)
          .singleElement()
          .isInstanceOfSatisfying(
              StoreRequest.Get.class, get -> assertThat(get.consistent()).isFalse());
      assertThat(job.turn()).isEqualTo("wait 1000");
    }
  }

  @Test
  void aReportTooSoonBehindTheLastOneIsDueWhenItMayBeSent() {
    job.report(10);
    assertThat(job.turn()).isEqualTo("write");
    job.now += 10;
    job.report(20);
    // no more than ten go out in any second; it is stored later than that
    assertThat(job.turn()).isEqualTo("wait 91");
  }

  @Test
  void whatIsSaidIsGivenToWhoeverFollowsTheProcess() {
    job.report(10);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.fed).extracting(Report::percentage).containsExactly(10.0);
  }

  @Test
  void whoBeginsToWatchIsSeenWithTheNextLook() {
    job.watchedBy(OTHER_TAB);
    assertThat(job.recipients.stale()).isFalse();
    job.now += 1_000;
    assertThat(job.turn()).isEqualTo("look");
    assertThat(job.recipients.stale()).isTrue();
  }

  @Test
  void ofAHandlerThatGivesOutProgressAloneAllIsStored() {
    holding.begin(job.reports, Journal.NONE);
    job.report(10);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(holding.drained()).isTrue();
  }

  @Test
  void theLeaseIsRenewedAfterAThirdOfIt() {
    job.now += 19_999;
    assertThat(job.turn()).isEqualTo("look");
    assertThat(job.turn()).isEqualTo("wait 1");
    job.now += 1;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.row().leaseUntil()).isEqualTo(job.now + 60_000);
    assertThat(job.turn()).isEqualTo("wait 1000");
  }

  @Test
  void aRenewalThatFailsIsTriedAgainASecondLaterAndTheJobIsLeftAtThreeQuarters() {
    for (job.now += 20_000; job.now < HeldJob.BEGUN + 45_000; job.now += 1_000) {
      assertThat(holding.next(job.now)).isInstanceOf(Step.Write.class);
      holding.unanswered(job.now);
      assertThat(job.turn()).isEqualTo("wait 1000");
    }
    job.report(50);
    assertThat(job.turn()).isEqualTo("lost");
    assertThat(holding.lost()).isTrue();
    assertThat(job.heard()).isEmpty();
  }

  @Test
  void aReportIsSaidAndKeptEachWithItsNumber() {
    holding.annotate(Map.of("shelf", "7"));
    job.report(50);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.heard()).containsExactly("c1 progress 50 #1");
    assertThat(job.row().percentage()).isEqualTo(50);
    assertThat(job.row().annotations()).containsEntry("shelf", "7");
    assertThat(job.rowSeq()).isEqualTo(2);
    assertThat(holding.firstProgressAt()).hasValue(job.now);
    assertThat(holding.pending()).isFalse();
    // newer ones are said at once, and kept with the next seconds'
    job.now += 200;
    job.report(60);
    assertThat(holding.pending()).isTrue();
    assertThat(job.turn()).isEqualTo("wait 800");
    assertThat(job.heard()).containsExactly("c1 progress 60 #3");
    assertThat(job.row().percentage()).isEqualTo(50);
    assertThat(holding.firstProgressAt()).hasValue(HeldJob.BEGUN);
  }

  @Test
  void whatIsSaidBesideAWriteGoesWhereTheWriteShows() {
    job.run(job.jobs.attach(job.claimed.id(), job.claimed.owner(), OTHER_TAB));
    job.report(50);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.heard()).containsExactly("c2 progress 50 #1");
  }

  @Test
  void aLookThatSeesAnotherRouteIsTakenForTrueOnceTheRowIsReadConsistently() {
    job.report(50);
    job.turn();
    job.heard();
    job.run(job.jobs.attach(job.claimed.id(), job.claimed.owner(), OTHER_TAB));
    job.now += 1_000;
    job.sent.clear();
    assertThat(job.turn()).isEqualTo("look");
    assertThat(job.sent)
        .extracting(request -> ((StoreRequest.Get) request).consistent())
        .containsExactly(false, true);
    // who is new gets what was said last
    assertThat(job.heard()).containsExactly("c2 progress 50 #1");
  }

  @Test
  void whatCouldNotBeKeptIsKeptWithTheNextLookThoughNothingIsNew() {
    job.report(50);
    assertThat(holding.next(job.now)).isInstanceOf(Step.Write.class);
    holding.unanswered(job.now);
    assertThat(job.turn()).isEqualTo("wait 1000");
    job.now += 1_000;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.row().percentage()).isEqualTo(50);
    job.now += 1_000;
    assertThat(job.turn()).isEqualTo("look");
  }

  @Test
  void whatIsEmittedComesBeforeTheProgressAndThatBeforeTheRenewal() {
    job.now += 20_000;
    job.report(50);
    job.emitter.waiting = 2;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.emitter.stored).hasSize(1);
    // the write kept the progress, and renewed
    assertThat(job.row().percentage()).isEqualTo(50);
    assertThat(job.row().leaseUntil()).isEqualTo(job.now + 60_000);
    assertThat(job.heard()).containsExactly("c1 progress 50 #1", "c1 event #2");
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.emitter.stored).hasSize(2);
    assertThat(job.turn()).isEqualTo("wait 1000");

    job.now += 20_000;
    job.report(60);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.row().percentage()).isEqualTo(60);
    assertThat(job.turn()).isEqualTo("wait 1000");
  }

  @Test
  void nothingOvertakesAWriteThatWasNotAnswered() {
    job.emitter.waiting = 1;
    var first = holding.next(job.now);
    holding.unanswered(job.now);
    var pauses = new ArrayList<Long>();
    for (int tries = 0; tries < 6; tries++) {
      job.report(10 * tries);
      var pause = holding.nextAt() - job.now;
      pauses.add(pause);
      job.now += pause - 1;
      assertThat(job.turn()).isEqualTo("wait 1");
      job.now++;
      assertThat(holding.next(job.now)).isEqualTo(first);
      holding.unanswered(job.now);
      assertThat(holding.drained()).isFalse();
    }
    assertThat(pauses).containsExactly(200L, 400L, 800L, 1_600L, 2_000L, 2_000L);
    assertThat(job.heard()).isEmpty();
    job.now = holding.nextAt();
    assertThat(job.turn()).isEqualTo("write");
    assertThat(holding.drained()).isTrue();
    assertThat(job.heard()).containsExactly("c1 event #1");
    // and what came meanwhile is said and kept
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.heard()).containsExactly("c1 progress 50 #2");
    job.emitter.waiting = 1;
    assertThat(holding.next(job.now)).isInstanceOf(Step.Write.class);
    holding.unanswered(job.now);
    assertThat(holding.nextAt()).isEqualTo(job.now + 200);
  }

  @Test
  void aWriteThatHappenedAndWasNotAnsweredKnowsItself() {
    job.emitter.waiting = 1;
    job.run(((Step.Write) holding.next(job.now)).call());
    holding.unanswered(job.now);
    job.now += 200;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.heard()).containsExactly("c1 event #1");
    assertThat(job.turn()).isEqualTo("wait 1000");
  }

  @Test
  void anEventWaitsForTheOneBeforeToArrive() {
    job.emitter.waiting = 2;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("wait 1000");
    assertThat(job.heard()).hasSize(1);
    assertThat(job.turn()).isEqualTo("write");
  }

  @Test
  void oneThingIsAskedOfTheStoreAtATimeAndProgressIsSaidMeanwhile() {
    job.report(50);
    var keep = holding.next(job.now);
    job.now += 500;
    job.report(60);
    assertThat(job.turn()).isEqualTo("wait 44500");
    assertThat(job.heard()).containsExactly("c1 progress 60 #3");
    job.did(keep);
    job.now += 500;
    assertThat(job.turn()).isEqualTo("look");

    job.emitter.waiting = 1;
    var append = holding.next(job.now);
    job.report(70);
    assertThat(job.turn()).isEqualTo("wait 44000");
    assertThat(job.heard()).isEmpty();
    job.did(append);
    job.turn();
    assertThat(job.heard()).containsExactly("c1 event #4", "c1 progress 70 #5");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCancelIsSeenInWhateverShowsTheRow(boolean byLook) {
    assertThat(holding.cancelled()).isFalse();
    job.askToStop();
    if (!byLook) {
      job.report(50);
    }
    job.now += byLook ? 1_000 : 0;
    assertThat(job.turn()).isEqualTo(byLook ? "look" : "write");
    assertThat(holding.cancelled()).isTrue();
  }

  @Test
  void aCancelThatIsToldIsTrueWithoutALook() {
    holding.cancel();
    assertThat(holding.cancelled()).isTrue();
  }

  @Test
  void anImageThatIsOlderThanTheLastWriteChangesNothing() {
    var before = job.row();
    job.run(job.jobs.attach(job.claimed.id(), job.claimed.owner(), OTHER_TAB));
    job.now += 500;
    job.report(50);
    job.turn();
    job.now += 1_000;
    assertThat(holding.next(job.now)).isInstanceOf(Step.Look.class);
    holding.looked(Optional.of(before));
    assertThat(job.heard()).containsExactly("c2 progress 50 #1");
    job.now += 1_000;
    assertThat(holding.next(job.now)).isInstanceOf(Step.Look.class);
    holding.looked(Optional.empty());
    assertThat(holding.lost()).isFalse();
    assertThat(job.turn()).isEqualTo("wait 1000");
  }

  @Test
  void anImageThatIsOlderThanTheClaimChangesNothing() {
    job.now += 1_000;
    assertThat(holding.next(job.now)).isInstanceOf(Step.Look.class);
    holding.looked(Optional.of(job.submitted));
    assertThat(job.turn()).isEqualTo("wait 1000");
  }

  @ParameterizedTest
  @MethodSource("endings")
  void whoHoldsTheJobNoMoreSaysNothing(Ending others) {
    // somebody else ended it, by the same epoch: as a dispatcher would by the next
    job.now += 100;
    var row = job.row();
    switch (others) {
      case Ends(var outcome) ->
          job.run(
              job.jobs.finish(row, outcome, new Report(1, ""), row.seq() + 1, Map.of(), "other"));
      case Stops _, Expires _, TriedAgain _, HandedOn _ ->
          job.run(job.jobs.handOn(row, new Said(new Report(1, ""), row.seq(), Map.of()), "other"));
    }
    job.now += 900;
    assertThat(job.turn()).isEqualTo("look");
    job.report(50);
    assertThat(job.turn()).isEqualTo("lost");
    assertThat(job.heard()).isEmpty();
    holding.end(new Ends(SUCCESS));
    assertThat(job.turn()).isEqualTo("lost");
  }

  @Test
  void aWriteThatIsRefusedLosesTheJob() {
    job.run(job.jobs.finish(job.row(), FAILURE, new Report(1, ""), job.row().seq(), Map.of(), "o"));
    job.emitter.waiting = 1;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("lost");
    assertThat(job.emitter.stored).isEmpty();
  }

  @Test
  void anAnswerBehindTheLossChangesNothing() {
    job.emitter.waiting = 1;
    var late = holding.next(job.now);
    job.now += 45_000;
    assertThat(job.turn()).isEqualTo("lost");
    job.did(late);
    assertThat(job.turn()).isEqualTo("lost");
    assertThat(job.emitter.stored).isEmpty();
    assertThat(job.heard()).isEmpty();
  }

  @Test
  void anOwnerWhoTakesNoEventsIsClosedThroughTheRow() {
    job.emitter.waiting = 1;
    job.turn();
    var owner = job.recipients.next().orElseThrow();
    owner.load();
    job.recipients.landed(owner, 0, new Pushed.Failed("no", false));
    assertThat(job.turn()).isEqualTo("look");
    assertThat(job.row().route().orElseThrow().closing()).isTrue();
    // it is another recipient by now, which gets what waits
    assertThat(job.recipients.ownerGivenUp()).isFalse();
    assertThat(job.turn()).startsWith("wait");
  }

  @Test
  void whileTheOwnersCloseIsNotAnsweredItIsTriedEachTwoSecondsAndTheRowGoesOn() {
    job.emitter.waiting = 1;
    job.turn();
    var owner = job.recipients.next().orElseThrow();
    owner.load();
    job.recipients.landed(owner, 0, new Pushed.Failed("no", false));
    assertThat(holding.next(job.now)).isInstanceOf(Step.Look.class);
    holding.unanswered(job.now);
    assertThat(job.turn()).isEqualTo("wait 1000");
    job.now += 1_000;
    assertThat(job.turn()).isEqualTo("look");
    assertThat(job.row().route().orElseThrow().closing()).isFalse();
    job.now += 1_000;
    job.turn();
    assertThat(job.row().route().orElseThrow().closing()).isTrue();
  }

  @Test
  void anOwnerWhoCameBackMeanwhileIsNotClosed() {
    job.emitter.waiting = 1;
    job.turn();
    var owner = job.recipients.next().orElseThrow();
    owner.load();
    job.recipients.landed(owner, 0, new Pushed.Failed("no", false));
    job.run(job.jobs.attach(job.claimed.id(), job.claimed.owner(), OTHER_TAB));
    assertThat(job.turn()).isEqualTo("look");
    assertThat(job.row().route()).contains(OTHER_TAB);
    assertThat(job.heard()).containsExactly("c2 event #1");
  }

  @Test
  void aSuccessEndsWithTheHundredPercentAndTheNextNumber() {
    job.report(50);
    job.turn();
    job.heard();
    job.report(70);
    holding.end(new Ends(SUCCESS));
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended SUCCEEDED");
    assertThat(job.heard()).containsExactly("c1 progress 100 #3");
    assertThat(job.rowSeq()).isEqualTo(4);
    assertThat(job.row().percentage()).isEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void theNewestReportIsSaidBeforeAnyOtherEndWhateverTheThrottle(Ending how) {
    job.report(50);
    job.turn();
    job.heard();
    job.now += 10;
    job.report(60);
    holding.end(how);
    if (how instanceof TriedAgain || how instanceof HandedOn) {
      assertThat(job.turn()).isEqualTo("land");
    }
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).startsWith("ended");
    // behind it, that there will be another attempt: the newest progress alone is sent
    int last = how instanceof TriedAgain ? 4 : 3;
    assertThat(job.heard()).containsExactly("c1 progress 60 #" + last);
    assertThat(job.rowSeq()).isEqualTo(last + 1);
    assertThat(job.row().percentage()).isEqualTo(60);
    assertThat(job.row().status())
        .isEqualTo(
            switch (how) {
              case Ends _ -> JobStatus.FAILED;
              case Stops _ -> JobStatus.CANCELLED;
              case Expires _ -> JobStatus.TIMED_OUT;
              case TriedAgain _ -> JobStatus.RETRYING;
              case HandedOn _ -> JobStatus.QUEUED;
            });
  }

  @Test
  void aRunThatSaidNothingLeavesTheRowsProgress() {
    job.still(
        job.jobs.keep(job.row(), new Report(30, "before"), job.row().seq(), Map.of(), "earlier"));
    var image = job.row();
    var again =
        new Holding(
            image,
            new Lease(Duration.ofMinutes(1), job.now),
            job.jobs,
            () -> "x",
            job.recipients,
            _ -> {},
            job.now);
    again.end(new TriedAgain(Duration.ofSeconds(7), false));
    assertThat(again.next(job.now)).isInstanceOf(Step.Land.class);
    again.wrote(job.run(((Step.Write) again.next(job.now)).call()));
    assertThat(job.row().percentage()).isEqualTo(30);
    assertThat(job.row().message()).isEqualTo("before");
    assertThat(job.row().attempt()).isEqualTo(1);
    assertThat(job.row().dueAt()).contains(job.now + 7_000);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "840, 0.8", "2000, 2", "9960, 10", "61400, 61"})
  void whoWatchesIsToldOfAnAttemptThatFailedThoughItReportedNothing(long waitMs, String seconds) {
    holding.end(new TriedAgain(Duration.ofMillis(waitMs), true));
    assertThat(job.turn()).isEqualTo("land");
    var load = job.recipients.next().orElseThrow().load();

    assertThat(load)
        .extracting(Recipient.Parcel::frame)
        .singleElement()
        .isInstanceOfSatisfying(
            ServerFrame.Progress.class,
            progress -> {
              assertThat(progress.message())
                  .isEqualTo("attempt 1 failed, the next begins in " + seconds + " s");
              assertThat(progress.attempt()).isEqualTo(1);
              assertThat(progress.percentage()).isZero();
            });
  }

  @Test
  void ofAJobThatWaitsForAnotherWorkerNobodyIsToldThatItFailed() {
    holding.end(new TriedAgain(Duration.ofSeconds(7), false));
    assertThat(job.turn()).isEqualTo("land");
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended RETRYING");
    assertThat(job.heard()).isEmpty();
  }

  @Test
  void aCancelThatCameFirstIsTheEndAndHasNoHundredPercent() {
    job.askToStop();
    job.report(50);
    holding.end(new Ends(SUCCESS));
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended CANCELLED");
    assertThat(job.heard()).isEmpty();
  }

  @Test
  void anEndIsTriedAsTheSameCallUntilTheLeaseEnds() {
    job.report(50);
    job.turn();
    holding.end(new Ends(SUCCESS));
    var first = holding.next(job.now);
    var pauses = new ArrayList<Long>();
    for (var step = first; step instanceof Step.Write; step = holding.next(job.now)) {
      assertThat(step).isEqualTo(first);
      holding.unanswered(job.now);
      if (holding.next(job.now) instanceof Step.Wait(var until)) {
        pauses.add(until - job.now);
        job.now = until;
      }
    }
    assertThat(pauses).startsWith(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
    assertThat(job.turn()).isEqualTo("lost");
    assertThat(job.now).isBetween(HeldJob.BEGUN + 55_000, HeldJob.BEGUN + 60_000);
  }

  @Test
  void whatIsHandedBackIsWrittenThoughTheLeaseIsNearItsEnd() {
    job.now += 50_000;
    assertThat(job.turn()).isEqualTo("lost");
    holding.end(new TriedAgain(Duration.ofSeconds(10), false));
    assertThat(job.turn()).isEqualTo("land");
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended RETRYING");
  }

  @Test
  void anEndThatHappenedAndWasNotAnsweredIsSaid() {
    holding.end(new Ends(SUCCESS));
    job.run(((Step.Write) holding.next(job.now)).call());
    holding.unanswered(job.now);
    job.now += 200;
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended SUCCEEDED");
    assertThat(job.heard()).containsExactly("c1 progress 100 #1");
  }

  @Test
  void whatWasNotAnsweredComesBeforeTheEnd() {
    job.emitter.waiting = 1;
    var append = holding.next(job.now);
    holding.unanswered(job.now);
    holding.end(new Ends(FAILURE));
    assertThat(holding.next(job.now)).isEqualTo(append);
    assertThat(job.turn()).isEqualTo("wait for an answer");
    holding.unanswered(job.now);
    job.now += 200;
    assertThat(holding.next(job.now)).isEqualTo(append);
    job.did(append);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended FAILED");
    assertThat(job.heard()).containsExactly("c1 event #1");
  }

  @Test
  void anEndWaitsForWhatIsAskedOfTheStore() {
    job.now += 1_000;
    var look = holding.next(job.now);
    holding.end(new Stops());
    assertThat(job.turn()).isEqualTo("wait for an answer");
    job.did(look);
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("ended CANCELLED");
  }

  @Test
  void anEndThatIsRefusedIsSomebodyElses() {
    job.run(job.jobs.finish(job.row(), FAILURE, new Report(1, ""), job.row().seq(), Map.of(), "o"));
    holding.end(new Ends(SUCCESS));
    assertThat(job.turn()).isEqualTo("write");
    assertThat(job.turn()).isEqualTo("lost");
    assertThat(job.heard()).isEmpty();
  }

  /** All that end, but a success. */
  static Stream<Ending> endings() {
    return Stream.of(
        new Ends(FAILURE),
        new Stops(),
        new Expires(),
        new TriedAgain(Duration.ofSeconds(10), true),
        new HandedOn());
  }
}
