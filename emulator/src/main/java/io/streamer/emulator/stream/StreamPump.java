package io.streamer.emulator.stream;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.fault.Faults;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Brings a table's stream to a function as Lambda's event source mapping does: shards in parallel,
 * each in its order, a parent before its children, at least once. Its place is kept in memory:
 * after a restart it begins again with the oldest record.
 */
public final class StreamPump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamPump.class);

  /**
   * What is read and where it goes.
   *
   * @param dynamo endpoint of the table and its stream
   * @param lambda endpoint of the function
   * @param poll the longest wait between two reads of a shard without new records; Lambda's is 250
   *     ms
   */
  public record Settings(
      URI dynamo,
      URI lambda,
      String table,
      String function,
      Duration poll,
      EventSourceMapping mapping,
      Timekeeper time) {

    /** By Streamer's own mapping and the machine's clock. */
    public Settings(URI dynamo, URI lambda, String table, String function, Duration poll) {
      this(dynamo, lambda, table, function, poll, EventSourceMapping.STREAMER, Timekeeper.system());
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private final Settings settings;
  private final DynamoDbClient dynamo;
  private final DynamoDbStreamsClient streams;
  private final LambdaClient lambda;
  private final PollWakeup bell;
  private final Faults faults;
  private final BatchDelivery delivery;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  // all under the bell's lock
  private @Nullable StreamShards shards;
  private long listedAt;
  private long listWanted;

  /** Makes a pump that stands still; nothing goes wrong in it. */
  public StreamPump(Settings settings) {
    this(settings, Faults.none());
  }

  /** Makes a pump that stands still, in which records go wrong as these say. */
  public StreamPump(Settings settings, Faults faults) {
    this.settings = settings;
    this.faults = faults;
    this.dynamo = LocalAws.dynamo(settings.dynamo());
    this.streams = LocalAws.streams(settings.dynamo());
    this.lambda = LocalAws.lambda(settings.lambda());
    this.bell = new PollWakeup(settings.time());
    this.delivery =
        new BatchDelivery(lambda, settings.function(), settings.mapping(), faults, bell);
  }

  /** Starts reading, once; the table may still be missing. */
  public void start() {
    run("stream-pump", this::follow);
  }

  /** Reads at once. */
  public void wake() {
    bell.wake();
  }

  /**
   * How many records were given up, because their retries were used up or they were too old; each
   * time is a line in the log.
   */
  public int givenUp() {
    return delivery.givenUp();
  }

  /**
   * Returns when every record written before the call was handled or given up.
   *
   * @throws IllegalStateException if the pump is closed before
   */
  public void awaitDrained() throws InterruptedException {
    var wake = bell.wake();
    bell.change(() -> listWanted = Math.max(wake, listWanted));
    try {
      bell.await(() -> {
        var known = shards;
        return known != null && listedAt >= wake && !known.stale() && known.drainedAt(wake);
      });
    } catch (InterruptedException e) {
      if (bell.isClosed()) {
        throw new IllegalStateException("the pump is closed", e);
      }
      throw e;
    }
  }

  /** Stops; a batch whose function is running will be given again by the next pump. */
  @Override
  public void close() {
    bell.close();
    threads.forEach(Thread::interrupt);
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lambda.close();
    streams.close();
    dynamo.close();
  }

  private void run(String name, Work work) {
    // under the lock, so that closing sees every thread or none begins
    bell.change(() -> {
      if (bell.isClosed()) {
        return;
      }
      threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
      threads.add(
          Thread.ofVirtual()
              .name(name)
              .start(() -> {
                try {
                  work.run();
                } catch (InterruptedException _) {
                  LOG.debug("{} was closed at work", name);
                } catch (RuntimeException e) {
                  if (!bell.isClosed()) {
                    LOG.error("the pump of {} stops, because {} failed", settings.table(), name, e);
                    bell.close();
                  }
                }
              }));
    });
  }

  /** Keeps the list of shards, and starts each when its turn has come. */
  private void follow() throws InterruptedException {
    while (true) {
      var wake = bell.wakes();
      BooleanSupplier woken = () -> bell.wakes() != wake;
      try {
        var known = listed(wake);
        begin(known);
        BooleanSupplier due = () -> listedAt < listWanted || known.stale();
        if (bell.read(known::active)) {
          bell.await(() -> due.getAsBoolean() || !known.active());
        } else {
          bell.await(() -> due.getAsBoolean() || woken.getAsBoolean(), settings.poll());
        }
      } catch (SdkException e) {
        LOG.debug("cannot list the shards of {}", settings.table(), e);
        bell.await(woken, settings.poll());
      }
    }
  }

  private StreamShards listed(long wake) {
    var current = bell.read(() -> shards);
    if (current == null) {
      var arn = dynamo.describeTable(r -> r.tableName(settings.table())).table().latestStreamArn();
      current = new StreamShards(streams, arn, settings.mapping(), settings.poll(), bell, faults);
    }
    var known = current;
    known.list();
    bell.change(() -> {
      shards = known;
      listedAt = wake;
    });
    return known;
  }

  private void begin(StreamShards known) {
    for (var started : known.start()) {
      var reader = started.reader();
      run("stream-" + started.shard(), reader::run);
      for (var lane : reader.lanes()) {
        run("stream-lane-" + started.shard(), () -> work(lane, started.shard()));
      }
    }
  }

  private void work(Lane lane, String shard) throws InterruptedException {
    for (var batch = lane.take(); !batch.isEmpty(); batch = lane.take()) {
      delivery.deliver(shard, batch);
      lane.done();
    }
  }
}
