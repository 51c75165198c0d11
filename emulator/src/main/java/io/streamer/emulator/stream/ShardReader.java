package io.streamer.emulator.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Reads one shard to its end and hands what the filters want to the shard's lanes. */
final class ShardReader {
  private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);
  private static final int MAX_PAGE = 1_000;

  private final String streamArn;
  private final ShardPosition place;
  private final EventSourceMapping mapping;
  private final Duration poll;
  private final PollWakeup bell;
  private final Disturbance disturbance;
  private final List<Lane> lanes;

  // both under the bell's lock
  private long emptyAt;
  private boolean atEnd;

  ShardReader(
      String streamArn,
      ShardPosition place,
      EventSourceMapping mapping,
      Duration poll,
      PollWakeup bell,
      Disturbance disturbance) {
    this.streamArn = streamArn;
    this.place = place;
    this.mapping = mapping;
    this.poll = poll;
    this.bell = bell;
    this.disturbance = disturbance;
    this.lanes =
        Stream.generate(() -> new Lane(mapping, bell)).limit(mapping.parallelization()).toList();
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** Whether all there was at the wake of that number was handled; the caller holds the bell. */
  boolean drainedAt(long wake) {
    return (atEnd || emptyAt >= wake) && idle();
  }

  /** Whether all there will ever be was handled; the caller holds the bell. */
  boolean finished() {
    return atEnd && idle();
  }

  /** Returns at the shard's end, when its lanes may still be at work. */
  void run() throws InterruptedException {
    while (!bell.read(() -> atEnd)) {
      bell.await(() -> room() > 0);
      var wake = bell.wakes();
      try {
        if (read(wake)) {
          continue;
        }
      } catch (ResourceNotFoundException e) {
        LOG.debug("a shard of {} is gone", streamArn, e);
        end();
        continue;
      } catch (SdkException e) {
        LOG.debug("cannot read a shard of {}", streamArn, e);
      }
      BooleanSupplier woken = () -> bell.wakes() != wake;
      bell.await(woken, poll);
    }
  }

  /** Reads once; true if there may be more at once. */
  private boolean read(long wake) throws InterruptedException {
    var page = place.next(Math.min(MAX_PAGE, bell.read(this::room)));
    var now = bell.now();
    var wanted =
        page.records().stream()
            .flatMap(
                record -> StreamedRecord.wanted(record, streamArn, mapping.filter(), now).stream())
            .toList();
    var given = new ArrayList<>(disturbance.of(wanted));
    var last = page.nextShardIterator() == null;
    if (last) {
      given.addAll(disturbance.rest());
    }
    var empty = page.records().isEmpty() && !disturbance.holds();
    bell.change(() -> {
      given.forEach(record -> lane(record).add(record));
      if (empty) {
        emptyAt = wake;
      }
    });
    if (last) {
      end();
    }
    return last || !page.records().isEmpty();
  }

  private void end() {
    bell.change(() -> {
      atEnd = true;
      lanes.forEach(Lane::end);
    });
  }

  private Lane lane(StreamedRecord record) {
    return lanes.get(Math.floorMod(record.key().hashCode(), lanes.size()));
  }

  private boolean idle() {
    return lanes.stream().allMatch(Lane::idle);
  }

  /** One batch for each lane may wait beside those under way. */
  private int room() {
    return mapping.batchSize() * lanes.size() - lanes.stream().mapToInt(Lane::waiting).sum();
  }
}
