package io.streamer.shared.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.job.Reports.Report;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final long NEVER = Long.MAX_VALUE;

  private final Reports reports = new Reports(10);

  @Test
  void beforeTheFirstReportNothingIsDue() {
    assertThat(reports.nextSendAt()).isEqualTo(NEVER);
    assertThat(reports.nextKeepAt()).isEqualTo(NEVER);
    assertThat(reports.toSend(NEVER)).isEmpty();
    assertThat(reports.toKeep(NEVER)).isFalse();
    assertThat(reports.newest()).isEqualTo(new Report(0, ""));
  }

  @Test
  void theFirstReportGoesAtOnceAndOnce() {
    reports.report(0, "starting", 5_000);
    assertThat(reports.nextSendAt()).isEqualTo(5_000);
    assertThat(reports.toSend(5_000)).contains(new Report(0, "starting"));
    assertThat(reports.toSend(9_000)).isEmpty();
    assertThat(reports.nextSendAt()).isEqualTo(NEVER);
  }

  @Test
  void theNewestOfManyGoesWhenTheThrottleOpens() {
    reports.report(1, "one", 0);
    reports.toSend(0);
    reports.report(2, "two", 10);
    reports.report(3, "three", 20);
    assertThat(reports.nextSendAt()).isEqualTo(101);
    assertThat(reports.toSend(100)).isEmpty();
    assertThat(reports.toSend(101)).contains(new Report(3, "three"));
  }

  @Test
  void aReportAfterAPauseGoesAtOnce() {
    reports.report(1, "one", 0);
    reports.toSend(0);
    reports.report(2, "two", 5_000);
    assertThat(reports.nextSendAt()).isLessThanOrEqualTo(5_000);
    assertThat(reports.toSend(5_000)).contains(new Report(2, "two"));
  }

  @Test
  void theSameSaidAgainIsNotSentAgain() {
    reports.report(1, "one", 0);
    reports.toSend(0);
    reports.report(1, "one", 500);
    assertThat(reports.nextSendAt()).isEqualTo(NEVER);
  }

  @Test
  void aPercentageNeverDecreasesAndIsPulledIntoRange() {
    reports.report(-5, "below", 0);
    assertThat(reports.newest()).isEqualTo(new Report(0, "below"));
    reports.report(40, "forward", 1);
    reports.report(30, "back", 2);
    assertThat(reports.newest()).isEqualTo(new Report(40, "back"));
    reports.report(Double.NEGATIVE_INFINITY, "far below", 3);
    assertThat(reports.newest()).isEqualTo(new Report(40, "far below"));
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> reports.report(Double.NaN, "", 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHundredIsHeldForTheEndWithItsMessage() {
    reports.report(50, "half", 0);
    reports.toSend(0);
    reports.toKeep(0);
    reports.report(250, "done", 1_000);
    assertThat(reports.nextSendAt()).isEqualTo(NEVER);
    assertThat(reports.nextKeepAt()).isEqualTo(NEVER);
    assertThat(reports.newest()).isEqualTo(new Report(50, "half"));
    assertThat(reports.end()).isEqualTo(new Report(100, "done"));
  }

  @Test
  void whatIsSaidAfterAHundredIsHeldToo() {
    reports.report(100, "done", 0);
    reports.report(10, "or not quite", 1);
    assertThat(reports.toSend(10_000)).isEmpty();
    assertThat(reports.end()).isEqualTo(new Report(100, "or not quite"));
  }

  @Test
  void withoutAHeldHundredTheEndHasTheNewestMessage() {
    reports.report(90, "almost", 0);
    assertThat(reports.end()).isEqualTo(new Report(100, "almost"));
  }

  @Test
  void theFirstIsKeptAtOnceAndThenEveryThreeSeconds() {
    reports.report(1, "", 0);
    assertThat(reports.toKeep(0)).isTrue();
    for (long now = 100; now < 3_000; now += 100) {
      reports.report(now / 100.0, "", now);
      assertThat(reports.toKeep(now)).as("at " + now).isFalse();
    }
    reports.report(31, "", 3_000);
    assertThat(reports.nextKeepAt()).isEqualTo(3_000);
    assertThat(reports.toKeep(3_000)).isTrue();
    assertThat(reports.toKeep(60_000)).isFalse();
  }

  @Test
  void aNewerValueIsKeptAfterASecondOfSilence() {
    reports.report(1, "", 0);
    reports.toKeep(0);
    reports.report(2, "", 500);
    assertThat(reports.nextKeepAt()).isEqualTo(1_500);
    assertThat(reports.toKeep(1_499)).isFalse();
    assertThat(reports.toKeep(1_500)).isTrue();
    assertThat(reports.nextKeepAt()).isEqualTo(NEVER);
  }

  @Test
  void messagesAreCutAtTwoHundredCharactersAndNeverInsideOne() {
    reports.report(1, "x".repeat(199) + "🙂 and more", 0);
    assertThat(reports.newest().message()).isEqualTo("x".repeat(199));
  }

  @Test
  void aThrottleOutOfRangeIsRefused() {
    assertThatThrownBy(() -> new Reports(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Reports(101)).isInstanceOf(IllegalArgumentException.class);
  }

  /** A sender that wakes when told to, against a handler that reports whenever it likes. */
  @Test
  void whateverTheTimingTheNewestArrivesWithinOneIntervalAndNoSecondHasTooMany() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int perSecond = 1 + random.nextInt(100);
      long interval = 1_000L / perSecond + 1;
      var subject = new Reports(perSecond);
      var sentAt = new ArrayList<Long>();
      double last = -1;
      double said = 0;
      long waitingSince = Long.MAX_VALUE;
      for (long now = 0; now < 5_000; now++) {
        if (now < 4_000 && random.nextInt(20) == 0) {
          said += 0.1;
          waitingSince = Math.min(waitingSince, now);
          subject.report(said, "", now);
        }
        if (now >= subject.nextSendAt()) {
          var report = subject.toSend(now).orElseThrow();
          assertThat(report.percentage()).isGreaterThan(last).isEqualTo(said);
          last = report.percentage();
          sentAt.add(now);
          waitingSince = Long.MAX_VALUE;
        }
        assertThat(now).as("seed " + seed).isLessThanOrEqualTo(saturated(waitingSince, interval));
      }
      for (int i = perSecond; i < sentAt.size(); i++) {
        assertThat(sentAt.get(i) - sentAt.get(i - perSecond)).isGreaterThan(1_000);
      }
    }
  }

  @Test
  void aSecondHoldsNoMoreThanItsThrottleSaysWithItsFirstAndItsLastMoment() {
    for (int perSecond = 1; perSecond <= 100; perSecond++) {
      var subject = new Reports(perSecond);
      int sent = 0;
      for (long now = 0; now <= 1_000; now++) {
        subject.report(now / 100.0, "", now);
        sent += subject.toSend(now).isPresent() ? 1 : 0;
      }
      assertThat(sent).as(perSecond + " a second").isBetween(perSecond * 9 / 10, perSecond);
    }
  }

  @Test
  void anAttemptThatGoesOnFallsBehindNothingItSaidBefore() {
    var subject = new Reports(10, new Report(40, "page 4"));
    assertThat(subject.newest()).isEqualTo(new Report(40, "page 4"));
    assertThat(subject.toSend(1_000)).isEmpty();
    assertThat(subject.toKeep(1_000)).isFalse();
    subject.report(30, "page 3 again", 1_000);
    assertThat(subject.toSend(1_000)).contains(new Report(40, "page 3 again"));
  }

  private static long saturated(long at, long interval) {
    return at == NEVER ? NEVER : at + interval;
  }
}
