package io.streamer.emulator.stream;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * How far one shard was read. The place is kept as a sequence number too, because an iterator lives
 * 15 minutes.
 */
final class ShardPosition {
  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private final String shard;
  private @Nullable String iterator;
  private @Nullable String read;

  ShardPosition(DynamoDbStreamsClient streams, String streamArn, String shard) {
    this.streams = streams;
    this.streamArn = streamArn;
    this.shard = shard;
  }

  /** The next records, at most {@code limit}; without a next iterator the shard is at its end. */
  GetRecordsResponse next(int limit) {
    while (true) {
      try {
        var current = iterator == null ? fresh() : iterator;
        iterator = current;
        var page = streams.getRecords(r -> r.shardIterator(current).limit(limit));
        if (page.hasRecords() && !page.records().isEmpty()) {
          read = page.records().getLast().dynamodb().sequenceNumber();
        }
        iterator = page.nextShardIterator();
        return page;
      } catch (ExpiredIteratorException _) {
        iterator = null;
      } catch (TrimmedDataAccessException _) {
        // what stood there is gone: on with the oldest there is
        iterator = null;
        read = null;
      }
    }
  }

  private String fresh() {
    var type =
        read == null ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    return streams
        .getShardIterator(
            r -> r.streamArn(streamArn).shardId(shard).shardIteratorType(type).sequenceNumber(read))
        .shardIterator();
  }
}
