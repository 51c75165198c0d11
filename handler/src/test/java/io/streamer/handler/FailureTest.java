package io.streamer.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

  @Test
  void itsKindReasonAndMessageAreWhatTheHandlerSaid() {
    assertThat(Failure.refused("NO_STOCK", "none left"))
        .hasMessage("none left")
        .returns(Failure.Kind.REFUSED, Failure::kind)
        .returns("NO_STOCK", Failure::reason);
    assertThat(Failure.tryAgain("BUSY", "later"))
        .hasMessage("later")
        .returns(Failure.Kind.TRY_AGAIN, Failure::kind)
        .returns("BUSY", Failure::reason);
    assertThat(Failure.forbidden("not yours"))
        .hasMessage("not yours")
        .returns(Failure.Kind.FORBIDDEN, Failure::kind);
  }

  @ParameterizedTest
  @CsvSource({
    "'', UNSPECIFIED",
    ", UNSPECIFIED",
    "no_stock, NO_STOCK",
    "No Stock, NO_STOCK",
    "NO-STOCK, NO_STOCK",
    "'NO_STOCK\n', NO_STOCK_",
    "ÄRGER, _RGER"
  })
  void aReasonThatNoClientCouldReadIsMadeToFit(String given, String reason) {
    assertThat(Failure.refused(given, "none left"))
        .hasMessage("none left")
        .returns(Failure.Kind.REFUSED, Failure::kind)
        .returns(reason, Failure::reason);
  }

  @Test
  void aReasonHasUpTo64Characters() {
    assertThat(Failure.refused("A".repeat(65), "").reason()).isEqualTo("A".repeat(64));
  }

  @Test
  void aWaitIsCutToADay() {
    assertThat(Failure.tryAgain("BUSY", "", Duration.ofDays(2)).after())
        .contains(Duration.ofDays(1));
    assertThat(Failure.tryAgain("BUSY", "", Duration.ofSeconds(-1)).after())
        .contains(Duration.ZERO);
    assertThat(Failure.tryAgain("BUSY", "", Duration.ofHours(3)).after())
        .contains(Duration.ofHours(3));
  }
}
