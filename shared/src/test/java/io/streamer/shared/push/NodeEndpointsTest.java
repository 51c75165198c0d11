package io.streamer.shared.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.directory.NodeCalls.Node;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeEndpointsTest {
  private final Map<String, Node> nodes = new HashMap<>();
  private final List<String> lookedUp = new ArrayList<>();
  private long now = 1_000_000;
  private final NodeEndpoints endpoints =
      new NodeEndpoints(
          id -> {
            lookedUp.add(id);
            return Optional.ofNullable(nodes.get(id));
          },
          () -> Instant.ofEpochMilli(now));

  @Test
  void aNodeIsFoundAndRememberedForTenSeconds() {
    nodes.put("n1", node("10.0.0.7:9000", 10));
    assertThat(endpoints.address("node:n1")).contains(URI.create("http://10.0.0.7:9000"));
    now += 9_999;
    nodes.put("n1", node("10.0.0.8:9000", 10));
    assertThat(endpoints.address("node:n1")).contains(URI.create("http://10.0.0.7:9000"));
    now += 1;
    assertThat(endpoints.address("node:n1")).contains(URI.create("http://10.0.0.8:9000"));
    assertThat(lookedUp).hasSize(2);
  }

  @Test
  void aNodeThatBeatsOftenIsLookedUpAsOften() {
    nodes.put("n1", node("10.0.0.7:9000", 1));
    assertThat(endpoints.silent("node:n1")).isFalse();
    now += 1_999;
    assertThat(endpoints.silent("node:n1")).isFalse();
    assertThat(lookedUp).hasSize(1);
    now += 4_001;
    assertThat(endpoints.silent("node:n1")).isTrue();
    assertThat(lookedUp).hasSize(2);
  }

  @Test
  void aNodeThatMissedSixBeatsIsSilentAndStillTried() {
    nodes.put("n1", node("10.0.0.7:9000", 10));
    now += 59_999;
    assertThat(endpoints.silent("node:n1")).isFalse();
    now += 1;
    assertThat(endpoints.silent("node:n1")).isTrue();
    assertThat(endpoints.address("node:n1")).isPresent();
    assertThat(endpoints.or(Endpoints.of(Map.of())).silent("node:n1")).isTrue();
    assertThat(endpoints.silent("node:n9")).isFalse();
    assertThat(endpoints.silent("api:main")).isFalse();
  }

  private Node node(String address, int beatSeconds) {
    return new Node("n1", address, now, Duration.ofSeconds(beatSeconds), false);
  }

  @Test
  void anUnknownNodeIsGoneAndNotAskedForAgainAtOnce() {
    assertThat(endpoints.address("node:n9")).isEmpty();
    assertThat(endpoints.address("node:n9")).isEmpty();
    assertThat(lookedUp).containsExactly("n9");
  }

  @Test
  void otherAliasesAreForOtherEndpoints() {
    var api = URI.create("https://abc.execute-api.eu-west-1.amazonaws.com/live");
    var both = endpoints.or(Endpoints.of(Map.of("api:main", api)));
    assertThat(endpoints.address("api:main")).isEmpty();
    assertThat(both.address("api:main")).contains(api);
    assertThat(both.address("api:other")).isEmpty();
    assertThat(both.address("http://169.254.169.254")).isEmpty();
    assertThat(lookedUp).isEmpty();
  }
}
