package io.streamer.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** A stream's shards and how far each was read. */
final class Shards {
  /**
   * One shard; the place behind its last handled record is kept by number, because an iterator
   * expires.
   */
  static final class Reader {
    private final String id;
    private final @Nullable String parent;
    private @Nullable String iterator;
    private @Nullable String handled;
    private boolean drained;

    private Reader(Shard shard) {
      this.id = shard.shardId();
      this.parent = shard.parentShardId();
    }

    String id() {
      return id;
    }

    /** The iterator for the next read, fetched from the stream if there is none. */
    String iterator(DynamoDbStreamsClient streams, String streamArn) {
      var current = iterator;
      if (current == null) {
        var type =
            handled == null
                ? ShardIteratorType.TRIM_HORIZON
                : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
        current =
            streams
                .getShardIterator(r ->
                    r.streamArn(streamArn)
                        .shardId(id)
                        .shardIteratorType(type)
                        .sequenceNumber(handled))
                .shardIterator();
        iterator = current;
      }
      return current;
    }

    /** Everything up to {@code sequenceNumber} was handled. */
    void handled(String sequenceNumber) {
      handled = sequenceNumber;
    }

    /** Goes on at {@code next}; null says that a closed shard was read to its end. */
    void continueAt(@Nullable String next) {
      iterator = next;
      drained = next == null;
    }

    /** The iterator is too old; the place is not. */
    void forgetIterator() {
      iterator = null;
    }

    /** The records behind the place are gone: goes on with the oldest there is. */
    void forgetPlace() {
      iterator = null;
      handled = null;
    }
  }

  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private Map<String, Reader> readers = Map.of();
  private boolean stale = true;

  Shards(DynamoDbStreamsClient streams, String streamArn) {
    this.streams = streams;
    this.streamArn = streamArn;
  }

  String streamArn() {
    return streamArn;
  }

  /** The list may have changed: it is read again before the next use. */
  void listAgain() {
    stale = true;
  }

  /** The shards that may be read now: those not at their end, and none before its parent is. */
  List<Reader> readable() {
    if (stale) {
      readers = list();
    }
    var readable = new ArrayList<Reader>();
    for (var reader : readers.values()) {
      var parent = reader.parent == null ? null : readers.get(reader.parent);
      if (!reader.drained && (parent == null || parent.drained)) {
        readable.add(reader);
      }
    }
    // a closed shard's child may not be listed yet
    stale = readable.isEmpty();
    return readable;
  }

  /** New shards begin at their oldest record, vanished ones are forgotten. */
  private Map<String, Reader> list() {
    var listed = new LinkedHashMap<String, Reader>();
    @Nullable String last = null;
    do {
      var after = last;
      var description =
          streams
              .describeStream(r -> r.streamArn(streamArn).exclusiveStartShardId(after))
              .streamDescription();
      for (var shard : description.shards()) {
        var known = readers.get(shard.shardId());
        listed.put(shard.shardId(), known == null ? new Reader(shard) : known);
      }
      last = description.lastEvaluatedShardId();
    } while (last != null);
    return listed;
  }
}
