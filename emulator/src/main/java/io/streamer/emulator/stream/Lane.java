package io.streamer.emulator.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Records of one shard that are given in their order, one batch at a time. {@code
 * ParallelizationFactor} says how many a shard has; an item always takes the same one.
 */
final class Lane {
  // Lambda's 6 MB for a whole event, less its frame
  private static final int MAX_BYTES = 6 * 1024 * 1024 - 1024;

  private final EventSourceMapping mapping;
  private final PollWakeup bell;

  // all below under the bell's lock
  private final Queue<StreamedRecord> queue = new ArrayDeque<>();
  private boolean busy;
  private boolean ended;

  Lane(EventSourceMapping mapping, PollWakeup bell) {
    this.mapping = mapping;
    this.bell = bell;
  }

  /** Adds one; the caller holds the bell. */
  void add(StreamedRecord record) {
    queue.add(record);
  }

  /** How many wait; the caller holds the bell. */
  int waiting() {
    return queue.size();
  }

  /** Whether nothing waits and nothing is under way; the caller holds the bell. */
  boolean idle() {
    return queue.isEmpty() && !busy;
  }

  /** Nothing more will come; the caller holds the bell. */
  void end() {
    ended = true;
  }

  /** The next batch, empty when there will be none; {@link #done} is due after each. */
  List<StreamedRecord> take() throws InterruptedException {
    bell.await(() -> !queue.isEmpty() || ended);
    return bell.read(this::batch);
  }

  /** The batch taken last was handled or given up. */
  void done() {
    bell.change(() -> busy = false);
  }

  private List<StreamedRecord> batch() {
    var batch = new ArrayList<StreamedRecord>();
    var size = 0L;
    while (!queue.isEmpty() && batch.size() < mapping.batchSize()) {
      var next = queue.element().bytes() + 1;
      if (!batch.isEmpty() && size + next > MAX_BYTES) {
        break;
      }
      size += next;
      batch.add(queue.remove());
    }
    busy = !batch.isEmpty();
    return batch;
  }
}
