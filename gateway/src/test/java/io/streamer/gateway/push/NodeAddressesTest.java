package io.streamer.gateway.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.store.CacheLog;
import io.streamer.shared.directory.NodeCalls.Node;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NodeAddressesTest {
  private static final URI API = URI.create("https://abc.execute-api.eu-west-1.amazonaws.com/live");

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final List<String> lookedUp = new CopyOnWriteArrayList<>();
  private final AtomicLong now = new AtomicLong(1_000_000);
  private volatile Future<Void> table = Future.succeededFuture();
  private final NodeAddresses addresses =
      new NodeAddresses(
          vertx,
          Map.of("api:main", API),
          id -> {
            lookedUp.add(id);
            return table.map(_ -> Optional.ofNullable(nodes.get(id)));
          },
          () -> Instant.ofEpochMilli(now.get()));

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aNodeIsFoundAndRememberedForTenSeconds() {
    nodes.put("n1", node("10.0.0.7:9000", 10));
    assertThat(address("node:n1")).contains(URI.create("http://10.0.0.7:9000"));
    now.addAndGet(9_999);
    nodes.put("n1", node("10.0.0.8:9000", 10));
    assertThat(address("node:n1")).contains(URI.create("http://10.0.0.7:9000"));
    now.addAndGet(1);
    assertThat(address("node:n1")).contains(URI.create("http://10.0.0.8:9000"));
    assertThat(lookedUp).hasSize(2);
  }

  @Test
  void aNodeThatBeatsOftenIsLookedUpAsOftenAndIsSilentAfterSixBeats() {
    nodes.put("n1", node("10.0.0.7:9000", 1));
    assertThat(addresses.silent("node:n1").await()).isFalse();
    now.addAndGet(1_999);
    assertThat(addresses.silent("node:n1").await()).isFalse();
    assertThat(lookedUp).hasSize(1);
    now.addAndGet(4_001);
    assertThat(addresses.silent("node:n1").await()).isTrue();
    assertThat(address("node:n1")).isPresent();
    assertThat(lookedUp).hasSize(2);
  }

  @Test
  void anUnknownNodeIsGoneAndNotAskedForAgainAtOnce() {
    assertThat(address("node:n9")).isEmpty();
    assertThat(address("node:n9")).isEmpty();
    assertThat(addresses.silent("node:n9").await()).isFalse();
    assertThat(lookedUp).containsExactly("n9");
  }

  @Test
  void manyThatWaitForTheSameNodeAskOnce() {
    var answer = Promise.<Void>promise();
    table = answer.future();
    nodes.put("n1", node("10.0.0.7:9000", 10));
    var first = addresses.of("node:n1");
    var second = addresses.of("node:n1");
    answer.complete();
    assertThat(first.await()).isEqualTo(second.await()).isPresent();
    assertThat(lookedUp).hasSize(1);
  }

  @Test
  void aTableThatWasAwayIsAskedAgain() {
    nodes.put("n1", node("10.0.0.7:9000", 10));
    table = Future.failedFuture(new StoreUnavailableException("throttled"));
    assertThat(addresses.of("node:n1").otherwiseEmpty().await()).isNull();
    table = Future.succeededFuture();
    assertThat(address("node:n1")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void whatCannotBeLookedUpWritesNoStack(int times) {
    try (var log = new CacheLog()) {
      table = Future.failedFuture(new StoreUnavailableException("away"));
      for (int i = 0; i < times; i++) {
        assertThatThrownBy(() -> address("node:n1")).isInstanceOf(StoreUnavailableException.class);
      }
      assertThat(lookedUp).hasSize(times);
      assertThat(log.told()).isEmpty();
    }
  }

  @Test
  void otherAliasesAreFixedOrUnknown() {
    assertThat(address("api:main")).contains(API);
    assertThat(address("api:other")).isEmpty();
    assertThat(address("http://169.254.169.254")).isEmpty();
    assertThat(addresses.silent("api:main").await()).isFalse();
    assertThat(lookedUp).isEmpty();
  }

  private Optional<URI> address(String alias) {
    return addresses.of(alias).await();
  }

  private Node node(String address, int beatSeconds) {
    return new Node("n1", address, now.get(), Duration.ofSeconds(beatSeconds), false);
  }
}
