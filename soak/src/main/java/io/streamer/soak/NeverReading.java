package io.streamer.soak;

import io.streamer.soak.abuse.RawLink;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A watcher of a job that stops reading once it is subscribed, and asks for more than is kept for
 * it. It must be closed for that; then it comes back as a client that reads, and must be given the
 * end.
 */
final class NeverReading implements Runnable {
  private static final long COME_BACK_MS = 200;

  /** As long a socket may be stuck: two heartbeats, and one between two looks. */
  private static final Duration STUCK = SoakActions.HEARTBEAT.multipliedBy(3);

  /** For what the system has kept. */
  private static final long READ_ON_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** More than what the sockets and all in front of them keep for one who does not read. */
  private static final int ECHOES = 100;

  private static final int ECHO_BYTES = 100_000;

  private final Followed requested;
  private final Followed watched;
  private final Access access;
  private final SoakClient reader;
  private final Counts counts;
  private final Violations violations;
  private final RandomGenerator random;

  /**
   * A watcher.
   *
   * @param requested the job as who asked for it knows it
   * @param watched as the watcher does
   * @param reader the client that it comes back as
   */
  NeverReading(
      Followed requested,
      Followed watched,
      Access access,
      SoakClient reader,
      Counts counts,
      Violations violations,
      RandomGenerator random) {
    this.requested = requested;
    this.watched = watched;
    this.access = access;
    this.reader = reader;
    this.counts = counts;
    this.violations = violations;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      var jobId = requested.known().get();
      while (!requested.over().isDone()) {
        var door = door();
        try (var link = subscribed(door, jobId)) {
          fill(link);
          requested.over().get();
          Thread.sleep(STUCK);
          readOn(link, door.direct());
          break;
        } catch (IOException _) {
          // no door, or cut before it was subscribed: again
          Thread.sleep(random.nextLong(COME_BACK_MS));
        }
      }
      reader.follow(watched, jobId);
      reader.run();
    } catch (InterruptedException _) {
      violations.add(watched.name() + ", job " + requested.jobId() + ", never came back");
    } catch (ExecutionException | RuntimeException e) {
      violations.add("a watcher failed: " + e);
    }
  }

  private Site.Door door() throws InterruptedException {
    for (var ways = access.doors().get(); ; ways = access.doors().get()) {
      if (!ways.isEmpty()) {
        return ways.get(random.nextInt(ways.size()));
      }
      Thread.sleep(random.nextLong(COME_BACK_MS));
    }
  }

  private RawLink subscribed(Site.Door door, String jobId) throws IOException {
    var link = RawLink.open(door.uri(), access.token());
    try {
      var subscribe =
          new JsonObject().put("type", "subscribe").put("id", "watch").put("job_id", jobId);
      link.send(subscribe.encode());
      while (true) {
        var said = new JsonObject(link.text());
        if (!"watch".equals(said.getString("request_id"))) {
          continue;
        }
        if (!"response".equals(said.getString("type"))) {
          throw new IOException("refused: " + said);
        }
        return link;
      }
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  /** Asks for much and reads nothing; sending may stop until it is closed. */
  private static void fill(RawLink link) {
    var echo =
        new JsonObject()
            .put("action", "echo")
            .put("payload", new JsonObject().put("text", "x".repeat(ECHO_BYTES)))
            .encode();
    try {
      for (int i = 0; i < ECHOES; i++) {
        link.send(echo);
      }
    } catch (IOException _) {
      // closed already
    }
  }

  /**
   * Reads what is left of a link that has been stuck for long. The end may be in it: the system
   * keeps much of what was sent before nothing more could be.
   *
   * @param bounded whether its door closes who does not read
   */
  private void readOn(RawLink link, boolean bounded) {
    long until = System.nanoTime() + READ_ON_NANOS;
    try {
      while (System.nanoTime() < until) {
        link.text();
      }
    } catch (SocketTimeoutException _) {
      // it was not closed
    } catch (IOException _) {
      counts.closed.incrementAndGet();
      return;
    }
    if (bounded) {
      violations.add(watched.name() + " did not read, and was not closed");
    }
  }
}
