package io.streamer.shared.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HostClocksTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final String FAR_OFF = "Fri, 01 May 2099 12:00:00 GMT";

  private final HostClocks clocks = new HostClocks(Clock.fixed(NOW, ZoneOffset.UTC));

  private static Host at(String address) {
    return new Host(URI.create(address), false);
  }

  @Test
  void aWrongClockMisleadsNoCallToAnotherHost() {
    assertThat(clocks.of(at("https://one.example/live")).follow(FAR_OFF)).isTrue();
    assertThat(clocks.of(at("https://one.example/other")).now().instant())
        .isEqualTo("2099-05-01T12:00:00Z");
    assertThat(clocks.of(at("https://two.example/live")).now().instant()).isEqualTo(NOW);
  }

  @Test
  void onlySoManyAreRemembered() {
    var first = clocks.of(at("https://first.example"));
    for (int i = 0; i < 256; i++) {
      clocks.of(at("https://api" + i + ".example"));
    }
    assertThat(clocks.of(at("https://first.example"))).isNotSameAs(first);
  }
}
