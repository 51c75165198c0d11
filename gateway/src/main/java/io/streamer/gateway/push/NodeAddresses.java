package io.streamer.gateway.push;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.streamer.gateway.store.Lookup;
import io.streamer.shared.directory.NodeCalls.Node;
import io.streamer.shared.push.Endpoints;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Fixed addresses, and those of the gateway's nodes: each is looked up at most every two of its
 * beats, or every 10 s, by one question for all who wait for it.
 */
public final class NodeAddresses implements Addresses {
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final int MOST_CACHED = 1_024;

  private final Vertx vertx;
  private final Map<String, URI> fixed;
  private final Function<String, Future<Optional<Node>>> lookup;
  private final InstantSource clock;
  private final AsyncCache<String, Lookup<Optional<Node>>> nodes;

  /**
   * Looks nodes up as they are asked for.
   *
   * @param fixed addresses by alias
   * @param lookup finds a node by its id
   */
  public NodeAddresses(
      Vertx vertx,
      Map<String, URI> fixed,
      Function<String, Future<Optional<Node>>> lookup,
      InstantSource clock) {
    this.vertx = vertx;
    this.fixed = Map.copyOf(fixed);
    this.lookup = lookup;
    this.clock = clock;
    this.nodes =
        Caffeine.newBuilder()
            .maximumSize(MOST_CACHED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .expireAfter(Expiry.<String, Lookup<Optional<Node>>>writing((_, node) -> fresh(node)))
            .buildAsync();
  }

  @Override
  public Future<Optional<URI>> of(String alias) {
    var known = fixed.get(alias);
    if (known != null) {
      return Future.succeededFuture(Optional.of(known));
    }
    return alias.startsWith(Endpoints.NODE)
        ? node(alias).map(node -> node.map(it -> URI.create("http://" + it.address())))
        : Future.succeededFuture(Optional.empty());
  }

  /** One that still has its sockets may be kept from saying so: only the tables hear its beats. */
  @Override
  public Future<Boolean> silent(String alias) {
    return alias.startsWith(Endpoints.NODE)
        ? node(alias).map(node -> node.filter(it -> it.silent(clock.millis())).isPresent())
        : Future.succeededFuture(false);
  }

  private Future<Optional<Node>> node(String alias) {
    var id = alias.substring(Endpoints.NODE.length());
    return Lookup.answer(
        nodes.get(id, (_, _) -> Lookup.of(lookup.apply(id))), vertx.getOrCreateContext());
  }

  private static Duration fresh(Lookup<Optional<Node>> lookup) {
    return switch (lookup) {
      case Lookup.Found<Optional<Node>>(var node) ->
          node.map(it -> it.beat().multipliedBy(2))
              .filter(it -> it.compareTo(FRESH) < 0)
              .orElse(FRESH);
      // not remembered
      case Lookup.Failed<Optional<Node>> _ -> Duration.ZERO;
    };
  }
}
