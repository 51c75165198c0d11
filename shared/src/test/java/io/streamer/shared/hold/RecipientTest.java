package io.streamer.shared.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.push.Pushed;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipientTest {
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed LATER = new Pushed.Failed("not now", true);
  private static final Pushed NEVER = new Pushed.Failed("no", false);
  private static final long LONG = 10_000;
  private static final long UNTIL = 2_000_000_000;

  private final Recipient recipient =
      new Recipient(new Route("c", "node:n", UNTIL), EnumSet.allOf(Kind.class), this::instant);
  private long now;

  @Test
  void onlyTheNewestProgressWaitsAndEverythingElse() {
    take(Kind.PROGRESS, 1);
    take(Kind.EVENT, 2);
    take(Kind.PROGRESS, 3);
    assertThat(load()).containsExactly(2L, 3L);
  }

  @Test
  void whatDidNotArriveComesAgainBeforeWhatFollows() {
    take(Kind.PROGRESS, 1);
    take(Kind.EVENT, 2);
    take(Kind.EVENT, 3);
    load();
    take(Kind.PROGRESS, 4);
    recipient.landed(1, LATER);
    assertThat(recipient.nextAt()).isGreaterThan(now);
    now = recipient.nextAt();
    assertThat(load()).containsExactly(2L, 3L, 4L);
  }

  @Test
  void progressThatDidNotArriveGivesWayToANewerOne() {
    take(Kind.PROGRESS, 1);
    load();
    take(Kind.PROGRESS, 2);
    recipient.landed(0, LATER);
    now += LONG;
    assertThat(load()).containsExactly(2L);
  }

  @Test
  void eachFailureIsFollowedByALongerPauseUntilSomethingArrives() {
    take(Kind.PROGRESS, 1);
    for (long pause : new long[] {200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
      load();
      recipient.landed(0, LATER);
      assertThat(recipient.nextAt() - now).isBetween(pause, pause * 3 / 2);
      now = recipient.nextAt();
    }
    load();
    recipient.landed(1, DELIVERED);
    take(Kind.PROGRESS, 2);
    load();
    recipient.landed(0, LATER);
    assertThat(recipient.nextAt() - now).isBetween(200L, 300L);
  }

  @Test
  void onlyOneLoadIsUnderWay() {
    take(Kind.EVENT, 1);
    load();
    take(Kind.EVENT, 2);
    assertThat(recipient.nextAt()).isEqualTo(Long.MAX_VALUE);
    assertThat(recipient.awaitsEvents()).isTrue();
    recipient.landed(1, DELIVERED);
    assertThat(recipient.nextAt()).isLessThanOrEqualTo(now);
  }

  @Test
  void aLoadHasSoManyAndTheOthersFollow() {
    for (int seq = 1; seq <= 65; seq++) {
      take(Kind.EVENT, seq);
    }
    assertThat(load()).hasSize(64);
    recipient.landed(64, DELIVERED);
    assertThat(load()).containsExactly(65L);
  }

  /** However many there are aboard, each has its time. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 2", "3, 3"})
  void whoTakesLongerIsSlow(int sent, int times) {
    var enough = Lanes.LATE.toMillis() * times;
    for (int seq = 1; seq <= 8; seq++) {
      take(Kind.EVENT, seq);
    }
    load();
    now += enough;
    recipient.landed(sent, LATER);
    assertThat(recipient.slow()).isFalse();
    load();
    now += enough + 1;
    recipient.landed(sent, LATER);
    assertThat(recipient.slow()).isTrue();
  }

  @Test
  void itIsToldOnceItHasTakenTheEnd() {
    take(Kind.EVENT, 1);
    take(Kind.TERMINAL, 2);
    load();
    now += LONG;
    recipient.landed(1, LATER);
    assertThat(recipient.toldAt()).isEqualTo(Long.MAX_VALUE);
    now += LONG;
    load();
    recipient.landed(1, DELIVERED);
    assertThat(recipient.toldAt()).isEqualTo(now);
  }

  /** Whatever becomes of what is under way then. */
  @Test
  void whoHasLeftIsTriedNoMore() {
    take(Kind.EVENT, 1);
    load();
    recipient.leave();
    recipient.landed(0, LATER);
    assertThat(recipient.done()).isTrue();
    assertThat(recipient.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theEndIsTriedFiveTimes() {
    take(Kind.TERMINAL, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(recipient.missed()).isFalse();
      now += LONG;
      load();
      recipient.landed(0, LATER);
    }
    assertThat(recipient.missed()).isTrue();
    assertThat(recipient.done()).isTrue();
  }

  @Test
  void anEventIsTriedForHalfAMinuteAndAwaitedUntilTheConnectionIsClosed() {
    take(Kind.EVENT, 1);
    for (int i = 0; i < 4; i++) {
      assertThat(recipient.givenUp()).isFalse();
      now += LONG;
      assertThat(load()).containsExactly(1L);
      recipient.landed(0, LATER);
    }
    assertThat(recipient.givenUp()).isTrue();
    assertThat(recipient.awaitsEvents()).isTrue();
    take(Kind.EVENT, 2);
    assertThat(recipient.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aConnectionThatTakesSomeOfItsEventsIsNotGivenUp() {
    for (int seq = 1; seq <= 40; seq++) {
      take(Kind.EVENT, seq);
    }
    for (int seq = 1; seq < 39; seq += 2) {
      now += LONG;
      assertThat(load()).startsWith((long) seq);
      recipient.landed(2, LATER);
    }
    assertThat(recipient.givenUp()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1000, 200", "1000, 5000", "1, 300"})
  void whoTakesEachEventAtTheSecondAttemptAloneIsGivenUpAfterHalfAMinuteInAll(
      long silence, long pause) {
    var begun = 0L;
    for (int seq = 1; !recipient.givenUp(); seq++) {
      // however long nothing is to be sent: nobody waits for it then
      now += 1_000_000;
      begun += 1_000_000;
      take(Kind.EVENT, seq);
      load();
      now += silence;
      recipient.landed(0, LATER);
      now += pause;
      if (recipient.givenUp()) {
        break;
      }
      load();
      recipient.landed(1, DELIVERED);
      assertThat(now - begun).isLessThan(40_000);
    }
    assertThat(now - begun).isGreaterThanOrEqualTo(30_000);
  }

  @Test
  void whoTakesAnEventInASecondHoldsNobodyUp() {
    for (int seq = 1; seq <= 40; seq++) {
      take(Kind.EVENT, seq);
      load();
      now += 1_000;
      recipient.landed(1, DELIVERED);
    }
    take(Kind.EVENT, 41);
    load();
    recipient.landed(0, LATER);
    assertThat(recipient.givenUp()).isFalse();
  }

  @Test
  void whoTakesItsTimeWithEachEventIsGivenUpAtItsNextFailure() {
    for (int seq = 1; seq <= 20; seq++) {
      take(Kind.EVENT, seq);
      load();
      now += 1_600;
      recipient.landed(1, DELIVERED);
    }
    assertThat(recipient.givenUp()).isFalse();
    take(Kind.EVENT, 21);
    load();
    recipient.landed(0, LATER);
    assertThat(recipient.givenUp()).isTrue();
  }

  @Test
  void progressIsTriedForAsLongAsNoEventWaitsBehindIt() {
    take(Kind.PROGRESS, 1);
    for (int i = 0; i < 100; i++) {
      now += LONG;
      assertThat(load()).containsExactly(1L);
      recipient.landed(0, LATER);
    }
    take(Kind.EVENT, 2);
    for (int i = 0; i < 4; i++) {
      assertThat(recipient.givenUp()).isFalse();
      now += LONG;
      assertThat(load()).containsExactly(1L, 2L);
      recipient.landed(0, LATER);
    }
    assertThat(recipient.givenUp()).isTrue();
  }

  @Test
  void whatIsToBeClosedIsTriedWithTheNewestFrameAndAwaitedByNobody() {
    var closing =
        new Recipient(
            new Route("c", "closing:node:n", UNTIL), EnumSet.allOf(Kind.class), this::instant);
    for (int seq = 1; seq <= 20; seq++) {
      closing.take(parcel(Kind.EVENT, seq));
      now += LONG;
      assertThat(closing.load()).extracting(Parcel::seq).containsExactly((long) seq);
      closing.landed(0, LATER);
      assertThat(closing.awaitsEvents()).isFalse();
    }
    closing.take(parcel(Kind.TERMINAL, 21));
    for (int i = 0; i < 5; i++) {
      assertThat(closing.missed()).isFalse();
      now += LONG;
      assertThat(closing.load()).extracting(Parcel::seq).containsExactly(21L);
      closing.landed(0, LATER);
    }
    assertThat(closing.missed()).isTrue();
  }

  @Test
  void whatIsToBeClosedIsTriedWithTheNewestThatCameMeanwhile() {
    var closing =
        new Recipient(
            new Route("c", "closing:node:n", UNTIL), EnumSet.allOf(Kind.class), this::instant);
    closing.take(parcel(Kind.EVENT, 1));
    closing.load();
    closing.take(parcel(Kind.EVENT, 2));
    closing.landed(0, LATER);
    assertThat(closing.load()).extracting(Parcel::seq).containsExactly(2L);
  }

  @Test
  void progressThatCannotArriveIsLeftOut() {
    take(Kind.PROGRESS, 1);
    take(Kind.TERMINAL, 2);
    load();
    recipient.landed(0, NEVER);
    now += LONG;
    assertThat(load()).containsExactly(2L);
  }

  @Test
  void behindAnEventThatCannotArriveNothingIsSent() {
    take(Kind.EVENT, 1);
    load();
    take(Kind.EVENT, 2);
    recipient.landed(0, NEVER);
    assertThat(recipient.done()).isTrue();
    take(Kind.EVENT, 3);
    assertThat(recipient.done()).isTrue();
    assertThat(recipient.givenUp()).isTrue();
    assertThat(recipient.awaitsEvents()).isTrue();
    take(Kind.TERMINAL, 4);
    assertThat(recipient.done()).isTrue();
    assertThat(recipient.missed()).isTrue();
  }

  @Test
  void anEndThatWaitsBehindAnEventThatCannotArriveIsNotSentEither() {
    take(Kind.EVENT, 1);
    load();
    take(Kind.TERMINAL, 2);
    recipient.landed(0, NEVER);
    assertThat(recipient.missed()).isTrue();
    assertThat(recipient.done()).isTrue();
    assertThat(recipient.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aConnectionThatHasGoneNeedsNothing() {
    take(Kind.EVENT, 1);
    take(Kind.TERMINAL, 2);
    load();
    recipient.landed(0, new Pushed.Gone());
    take(Kind.TERMINAL, 3);
    assertThat(recipient.done()).isTrue();
    assertThat(recipient.missed()).isFalse();
    assertThat(recipient.reachable()).isFalse();
  }

  @Test
  void whatIsNotWantedIsNotTaken() {
    recipient.wants(Set.of(Kind.TERMINAL), false);
    take(Kind.PROGRESS, 1);
    take(Kind.EVENT, 2);
    assertThat(recipient.done()).isTrue();
    take(Kind.TERMINAL, 3);
    assertThat(load()).containsExactly(3L);
  }

  @Test
  void kindsThatNobodyKnowsLeaveNothingToSend() {
    recipient.wants(Set.of(), false);
    take(Kind.EVENT, 1);
    assertThat(recipient.done()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "9999, false", "10000, true", "10001, true", "86400000, true"})
  void fromTheSecondOnWhichItsTokenEndsItIsToBeClosed(long at, boolean over) {
    var ending =
        new Recipient(new Route("c", "api:a", 10), EnumSet.allOf(Kind.class), this::instant);
    now = at;
    ending.take(parcel(Kind.EVENT, 1));
    assertThat(ending.awaitsEvents()).isNotEqualTo(over);
    ending.take(parcel(Kind.EVENT, 2));
    // one frame is enough to close it
    assertThat(ending.load()).extracting(Parcel::seq).endsWith(2L).hasSize(over ? 1 : 2);
  }

  @Test
  void whatWaitsForAConnectionWhoseTokenEndsHoldsUpNobody() {
    var ending =
        new Recipient(new Route("c", "api:a", 10), EnumSet.allOf(Kind.class), this::instant);
    ending.take(parcel(Kind.EVENT, 1));
    ending.load();
    ending.landed(0, LATER);
    assertThat(ending.awaitsEvents()).isTrue();
    now = 10_000;
    assertThat(ending.awaitsEvents()).isFalse();
    assertThat(ending.done()).isFalse();
  }

  private Instant instant() {
    return Instant.ofEpochMilli(now);
  }

  private void take(Kind kind, long seq) {
    recipient.take(parcel(kind, seq));
  }

  private static Parcel parcel(Kind kind, long seq) {
    return Parcel.of(
        switch (kind) {
          case PROGRESS -> new ServerFrame.Progress("r", "j", seq, 50, "", 1, Map.of());
          case EVENT -> new ServerFrame.Event("r", "j", seq, "page", RawJson.of("{}"));
          case TERMINAL ->
              new ServerFrame.Complete(
                  "r", "j", seq, new ServerFrame.Result.Inline(RawJson.of("{}")), Map.of());
        });
  }

  private List<Long> load() {
    return recipient.load().stream().map(Parcel::seq).toList();
  }
}
