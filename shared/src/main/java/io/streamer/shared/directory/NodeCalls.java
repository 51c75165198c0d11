package io.streamer.shared.directory;

import io.streamer.shared.table.Call;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's running tasks. */
public final class NodeCalls {
  /** Long after everybody takes a silent node for gone. */
  private static final Duration KEPT = Duration.ofHours(1);

  private static final String LEAVING = "leaving";

  private static final Logger LOG = LoggerFactory.getLogger(NodeCalls.class);

  /** Rows that are told of in the log, each once. */
  private static final int MOST_NAMED = 100;

  private final Tables tables;
  private final InstantSource clock;
  private final Set<String> illegible = ConcurrentHashMap.newKeySet();

  public NodeCalls(Tables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * One task of the gateway.
   *
   * @param address {@code host:port} of its internal listener
   * @param beatAt when it was last heard of, epoch milliseconds
   * @param beat after which it should be heard of again
   * @param leaving whether it only waits for its sockets to close: they are reached as before, and
   *     what it looked after is others'
   */
  public record Node(String id, String address, long beatAt, Duration beat, boolean leaving) {
    private static final int MISSED = 6;

    /** Whether it has missed so many beats that it is not coming back under its id. */
    public boolean silent(long now) {
      return now - beatAt >= MISSED * beat.toMillis();
    }
  }

  /** Says that a node is alive; true. */
  public Call<Boolean> beat(Node node) {
    var item =
        new Item.Builder()
            .put("nodeId", node.id())
            .put("address", node.address())
            .put("beatAt", node.beatAt())
            .put("beatMs", node.beat().toMillis())
            .put(Tables.TTL, clock.instant().plus(KEPT).getEpochSecond());
    if (node.leaving()) {
      item.put(LEAVING, new Value.Bool(true));
    }
    return Call.ask(new StoreRequest.Put(tables.nodes(), item.build(), List.of()), _ -> true);
  }

  public Call<Optional<Node>> find(String id) {
    return Call.ask(
        new StoreRequest.Get(tables.nodes(), Item.of("nodeId", id), true),
        answer -> answer.item().map(NodeCalls::read));
  }

  /** Takes a node that stops off the list; whether it was there. */
  public Call<Boolean> remove(String id) {
    return Call.ask(
        new StoreRequest.Delete(tables.nodes(), Item.of("nodeId", id)),
        answer -> answer.item().isPresent());
  }

  /** The nodes that were heard of lately, within three of their beats, and stay. */
  public Call<List<Node>> live(Duration beat) {
    var since = clock.millis() - 3 * beat.toMillis();
    return scan(Optional.empty(), List.of())
        .map(nodes ->
            nodes.stream().filter(node -> node.beatAt() >= since && !node.leaving()).toList());
  }

  private Call<List<Node>> scan(Optional<Item> after, List<Node> sofar) {
    return Call.ask(new StoreRequest.Scan(tables.nodes(), after), Pages::rows)
        .then(rows -> {
          var all =
              Stream.concat(sofar.stream(), rows.items().stream().flatMap(this::legible)).toList();
          return rows.last().isPresent() ? scan(rows.last(), all) : Call.done(all);
        });
  }

  /** One row that makes no sense must not hide the others from everybody. */
  private Stream<Node> legible(Item item) {
    try {
      return Stream.of(read(item));
    } catch (RuntimeException e) {
      var id = item.findText("nodeId").orElse("?");
      if (illegible.size() < MOST_NAMED && illegible.add(id)) {
        LOG.warn(
            "the row of the gateway task {} cannot be read and is left out, is it of a newer"
                + " version? {}",
            id,
            e.toString());
      }
      return Stream.empty();
    }
  }

  private static Node read(Item item) {
    return new Node(
        item.text("nodeId"),
        item.text("address"),
        item.whole("beatAt"),
        Duration.ofMillis(item.whole("beatMs")),
        item.has(LEAVING));
  }
}
