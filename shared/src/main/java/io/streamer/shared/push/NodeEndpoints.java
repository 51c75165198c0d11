package io.streamer.shared.push;

import io.streamer.shared.directory.NodeCalls.Node;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The gateway's nodes, each looked up at most every two of its beats, or every 10 s. */
public final class NodeEndpoints implements Endpoints {
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final int MOST_CACHED = 1_024;

  private final Function<String, Optional<Node>> lookup;
  private final InstantSource clock;
  private final Map<String, Seen> cache = new ConcurrentHashMap<>();

  private record Seen(Optional<Node> node, long at) {
    boolean fresh(long now) {
      var limit = node.map(it -> it.beat().multipliedBy(2)).filter(it -> it.compareTo(FRESH) < 0);
      return now - at < limit.orElse(FRESH).toMillis();
    }
  }

  /**
   * Looks nodes up as they are asked for.
   *
   * @param lookup finds a node by its id; blocking, and what it throws is passed on
   */
  public NodeEndpoints(Function<String, Optional<Node>> lookup, InstantSource clock) {
    this.lookup = lookup;
    this.clock = clock;
  }

  @Override
  public Optional<URI> address(String alias) {
    if (!alias.startsWith(NODE)) {
      return Optional.empty();
    }
    return seen(alias).map(node -> URI.create("http://" + node.address()));
  }

  /** One that still has its sockets may be kept from saying so: only the tables hear its beats. */
  @Override
  public boolean silent(String alias) {
    return alias.startsWith(NODE)
        && seen(alias).filter(node -> node.silent(clock.millis())).isPresent();
  }

  private Optional<Node> seen(String alias) {
    var id = alias.substring(NODE.length());
    var now = clock.millis();
    var cached = cache.get(id);
    if (cached != null && cached.fresh(now)) {
      return cached.node();
    }
    var node = lookup.apply(id);
    if (cache.size() >= MOST_CACHED) {
      cache.clear();
    }
    cache.put(id, new Seen(node, now));
    return node;
  }
}
