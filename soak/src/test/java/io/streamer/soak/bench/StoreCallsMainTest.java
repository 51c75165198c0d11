package io.streamer.soak.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StoreCallsMainTest {
  @Test
  void eachTransportIsMeasuredWithEachCall() throws IOException {
    assertThat(new StoreCallsMain().compare(40, 1, 40))
        .extracting(figure -> figure.getString("call") + " " + figure.getString("transport"))
        .containsExactly("Get LEAN", "Get SDK", "Update LEAN", "Update SDK");
  }
}
