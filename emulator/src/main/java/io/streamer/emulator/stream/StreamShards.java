package io.streamer.emulator.stream;

import io.streamer.emulator.fault.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** A stream's shards, and which of them may be read: none before its parent is finished. */
final class StreamShards {
  /** A shard as it was listed, and its reader once it is read. */
  private static final class Entry {
    private final Shard shard;
    private @Nullable ShardReader reader;
    private boolean childrenListed;

    private Entry(Shard shard) {
      this.shard = shard;
    }

    private boolean finished() {
      return reader != null && reader.finished();
    }

    private boolean active() {
      return reader != null && !reader.finished();
    }
  }

  /** A shard whose turn has come. */
  record Started(String shard, ShardReader reader) {}

  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private final EventSourceMapping mapping;
  private final Duration poll;
  private final PollWakeup bell;
  private final Faults faults;

  // under the bell's lock
  private Map<String, Entry> entries = Map.of();

  StreamShards(
      DynamoDbStreamsClient streams,
      String streamArn,
      EventSourceMapping mapping,
      Duration poll,
      PollWakeup bell,
      Faults faults) {
    this.streams = streams;
    this.streamArn = streamArn;
    this.mapping = mapping;
    this.poll = poll;
    this.bell = bell;
    this.faults = faults;
  }

  /** Asks the stream for its shards: new ones are added, vanished ones forgotten. */
  void list() {
    var ended = bell.read(() -> entries.values().stream().filter(Entry::finished).toList());
    var shards = new ArrayList<Shard>();
    @Nullable String last = null;
    do {
      var after = last;
      var description =
          streams
              .describeStream(r -> r.streamArn(streamArn).exclusiveStartShardId(after))
              .streamDescription();
      shards.addAll(description.shards());
      last = description.lastEvaluatedShardId();
    } while (last != null);
    bell.change(() -> {
      ended.forEach(entry -> entry.childrenListed = true);
      merge(shards);
    });
  }

  private void merge(List<Shard> shards) {
    var merged = new LinkedHashMap<String, Entry>();
    for (var shard : shards) {
      var known = entries.get(shard.shardId());
      merged.put(shard.shardId(), known == null ? new Entry(shard) : known);
    }
    entries.forEach((id, entry) -> {
      if (entry.active()) {
        merged.putIfAbsent(id, entry);
      }
    });
    entries = merged;
  }

  /** Readers for the shards whose turn has come since the last call. */
  List<Started> start() {
    return bell.read(() -> {
      var started = new ArrayList<Started>();
      for (var entry : entries.values()) {
        var parent = parent(entry);
        if (entry.reader == null && (parent == null || parent.finished())) {
          var id = entry.shard.shardId();
          var place = new ShardPosition(streams, streamArn, id);
          var reader =
              new ShardReader(streamArn, place, mapping, poll, bell, new Disturbance(faults, bell));
          entry.reader = reader;
          started.add(new Started(id, reader));
        }
      }
      return started;
    });
  }

  /** Whether some shard is read and not at its end; the caller holds the bell. */
  boolean active() {
    return entries.values().stream().anyMatch(Entry::active);
  }

  /** Whether a shard was finished since the list was asked for; the caller holds the bell. */
  boolean stale() {
    return entries.values().stream().anyMatch(entry -> entry.finished() && !entry.childrenListed);
  }

  /** Whether all there was at the wake of that number was handled; the caller holds the bell. */
  boolean drainedAt(long wake) {
    return entries.values().stream()
        .allMatch(entry -> entry.reader != null && entry.reader.drainedAt(wake));
  }

  private @Nullable Entry parent(Entry entry) {
    var id = entry.shard.parentShardId();
    return id == null ? null : entries.get(id);
  }
}
