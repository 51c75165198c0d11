package io.streamer.soak.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PushCallsMainTest {
  @Test
  void eachTransportIsMeasuredWithEachEndpoint() throws IOException {
    assertThat(new PushCallsMain().compare(40, 1, 40))
        .extracting(figure -> figure.getString("call") + " " + figure.getString("transport"))
        .containsExactly("api:main LEAN", "api:main SDK", "node:n1 LEAN", "node:n1 SDK");
  }
}
