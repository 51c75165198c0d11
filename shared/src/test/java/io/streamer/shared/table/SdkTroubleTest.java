package io.streamer.shared.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

class SdkTroubleTest {
  @Test
  void itsOwnMessageSaysMost() {
    var told = SdkClientException.create("Unable to execute HTTP request: refused");
    assertThat(SdkTrouble.of(told)).isEqualTo("Unable to execute HTTP request: refused");
  }

  @Test
  void withoutOneItsNameAndCauseAreTold() {
    assertThat(SdkTrouble.of(AbortedException.builder().build())).isEqualTo("AbortedException");
    var caused = AbortedException.builder().cause(new InterruptedException()).build();
    assertThat(SdkTrouble.of(caused)).isEqualTo("AbortedException: java.lang.InterruptedException");
  }
}
