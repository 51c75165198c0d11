package io.streamer.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  @ValueSource(strings = {"", "no_stock", "NO STOCK", "NO-STOCK", "NO_STOCK\n", "ÄRGER"})
  void aReasonThatNoClientCouldReadIsRefused(String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Failure.refused(reason, "none left"))
        .withMessageContaining("[A-Z0-9_]{1,64}");
  }

  @Test
  void aReasonHasUpTo64Characters() {
    assertThatCode(() -> Failure.refused("A".repeat(64), "")).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> Failure.refused("A".repeat(65), ""));
  }
}
