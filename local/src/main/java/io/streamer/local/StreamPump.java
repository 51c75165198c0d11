package io.streamer.local;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Brings a table's stream to a function as Lambda's event source mapping does: from {@code
 * TRIM_HORIZON}, in each shard's order, a parent before its children, at least once, and only
 * records whose new image has {@code start} = {@code "1"}. Its place is kept in memory: after a
 * restart it begins again with the oldest record there is.
 */
public final class StreamPump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamPump.class);
  private static final int MAX_RECORDS = 100;

  /**
   * What is read and where it goes.
   *
   * @param dynamo endpoint of the table and its stream
   * @param lambda endpoint of the function
   * @param poll the longest wait between two reads of a shard without new records; Lambda's is 250
   *     ms
   */
  public record Settings(URI dynamo, URI lambda, String table, String function, Duration poll) {}

  private final Settings settings;
  private final DynamoDbClient dynamo;
  private final DynamoDbStreamsClient streams;
  private final LambdaClient lambda;
  private final StreamDelivery delivery;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Condition passed = lock.newCondition();
  private boolean wake;
  private boolean stopped;
  private long begun;
  private long drained;

  /** Makes a pump that stands still. */
  public StreamPump(Settings settings) {
    this.settings = settings;
    this.dynamo = LocalAws.dynamo(settings.dynamo());
    this.streams = LocalAws.streams(settings.dynamo());
    this.lambda = LocalAws.lambda(settings.lambda());
    this.delivery = new StreamDelivery(lambda, settings.function());
    this.thread = Thread.ofVirtual().name("stream-pump").unstarted(this::run);
  }

  /** Starts reading, once; the table may still be missing. */
  public void start() {
    thread.start();
  }

  /** Reads at once. */
  public void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The documents about batches given up, as a failure destination gets them: the newest 1,000,
   * oldest first.
   */
  public List<String> failures() {
    return delivery.failures();
  }

  /**
   * Returns when every record written before the call was handled or given up.
   *
   * @throws IllegalStateException if the pump is closed before
   */
  public void awaitDrained() throws InterruptedException {
    lock.lock();
    try {
      // the pass under way may have read before the write
      var needed = begun + 1;
      wake = true;
      woken.signalAll();
      while (drained < needed) {
        if (stopped) {
          throw new IllegalStateException("the pump is closed");
        }
        passed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops; a batch whose function is running will be given again by the next pump. */
  @Override
  public void close() {
    stop();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lambda.close();
    streams.close();
    dynamo.close();
  }

  private void run() {
    try {
      pump();
    } catch (InterruptedException _) {
      LOG.debug("closed while a batch was under way");
    } finally {
      stop();
    }
  }

  private void pump() throws InterruptedException {
    @Nullable Shards shards = null;
    while (begin()) {
      var pass = begun;
      try {
        if (shards == null) {
          shards = open();
        }
        if (pass(shards)) {
          continue;
        }
        drained(pass);
      } catch (SdkException e) {
        LOG.debug("cannot read the stream of {}", settings.table(), e);
      }
      pause();
    }
  }

  private Shards open() {
    var arn = dynamo.describeTable(r -> r.tableName(settings.table())).table().latestStreamArn();
    return new Shards(streams, arn);
  }

  /** Reads every shard once; true if there may be more. */
  private boolean pass(Shards shards) throws InterruptedException {
    var more = false;
    for (var shard : shards.readable()) {
      more |= read(shards, shard);
    }
    return more;
  }

  private boolean read(Shards shards, Shards.Reader shard) throws InterruptedException {
    try {
      var iterator = shard.iterator(streams, shards.streamArn());
      var answer = streams.getRecords(r -> r.shardIterator(iterator).limit(MAX_RECORDS));
      var records = answer.records();
      var wanted =
          records.stream()
              .filter(StreamPump::starts)
              .map(record -> StreamedRecord.of(record, shards.streamArn()))
              .toList();
      delivery.deliver(shards.streamArn(), shard.id(), wanted);
      if (!records.isEmpty()) {
        shard.handled(records.getLast().dynamodb().sequenceNumber());
      }
      shard.continueAt(answer.nextShardIterator());
      if (answer.nextShardIterator() != null) {
        return !records.isEmpty();
      }
    } catch (ExpiredIteratorException _) {
      shard.forgetIterator();
    } catch (TrimmedDataAccessException _) {
      shard.forgetPlace();
    }
    shards.listAgain();
    return true;
  }

  private static boolean starts(Record record) {
    var start = record.dynamodb().newImage().get("start");
    return start != null && "1".equals(start.s());
  }

  private boolean begin() {
    lock.lock();
    try {
      begun++;
      wake = false;
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  private void drained(long pass) {
    lock.lock();
    try {
      drained = pass;
      passed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    delivery.stop();
    lock.lock();
    try {
      stopped = true;
      passed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      var left = settings.poll().toNanos();
      while (!wake && !stopped && left > 0) {
        left = woken.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
