package io.streamer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.SettingsException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private final TrustedProxies proxies = of("10.1.0.0/20", "192.0.2.7", "2001:db8:1::/49");

  private static TrustedProxies of(String... networks) {
    return TrustedProxies.of("STREAMER_TRUSTED_PROXIES", List.of(networks));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // what a load balancer adds stands last
        "10.1.0.1|203.0.113.9|203.0.113.9",
        "10.1.15.255|203.0.113.9|203.0.113.9",
        "10.1.0.1|8.8.8.8, 203.0.113.9|203.0.113.9",
        "10.1.0.1|203.0.113.9:4711|203.0.113.9",
        "10.1.0.1|2001:db8:2::1|2001:db8:2:0:0:0:0:1",
        "10.1.0.1|[2001:db8:2::1]:443|2001:db8:2:0:0:0:0:1",
        "2001:db8:1:7fff::1|203.0.113.9|203.0.113.9",
        // two proxies of ours
        "10.1.0.1|203.0.113.9, 192.0.2.7|203.0.113.9",
        // nobody but ours
        "10.1.0.1|10.1.0.2, 10.1.0.3|10.1.0.2",
        // no address
        "10.1.0.1|unknown|10.1.0.1",
        "10.1.0.1|203.0.113.9, localhost|10.1.0.1",
        "10.1.0.1|203.0.113.9, |10.1.0.1",
        "10.1.0.1|''|10.1.0.1",
      })
  void behindProxiesOfOursItIsWhatTheySay(String peer, String forwarded, String client) {
    assertThat(proxies.client(peer, List.of(forwarded))).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.16.0", "192.0.2.8", "2001:db8:1:8000::1", "203.0.113.1", ""})
  void whatOthersSayIsNotBelieved(String peer) {
    assertThat(proxies.client(peer, List.of("8.8.8.8"))).isEqualTo(peer);
  }

  @Test
  void severalHeadersAreOneList() {
    assertThat(proxies.client("10.1.0.1", List.of("8.8.8.8", "203.0.113.9, 10.1.0.2")))
        .isEqualTo("203.0.113.9");
    assertThat(proxies.client("10.1.0.1", List.of())).isEqualTo("10.1.0.1");
  }

  @Test
  void withoutNetworksNobodyIsBelieved() {
    assertThat(of().client("127.0.0.1", List.of("8.8.8.8"))).isEqualTo("127.0.0.1");
  }

  @Test
  void allOfThemAreAllowedToo() {
    Stream.of("203.0.113.1", "10.0.0.1")
        .forEach(peer ->
            assertThat(of("0.0.0.0/0").client(peer, List.of("8.8.8.8"))).isEqualTo("8.8.8.8"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "/8", "vpc", "10.0.0.0/-1", "::/129"})
  void whatIsNoNetworkIsNamed(String text) {
    assertThatThrownBy(() -> of("10.0.0.0/8", text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TRUSTED_PROXIES")
        .hasMessageContaining("\"" + text + "\"");
  }
}
