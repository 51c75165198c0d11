package io.streamer.soak.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that come at fixed times, ask once, stay for a while and leave, on a thread of theirs.
 */
final class Visitors {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** So many are there at a time: each stays for three seconds. */
  private static final int AT_A_TIME = 30;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final URI door;
  private final String token;
  private final Question question;
  private final Queue<LoadSocket> here = new ArrayDeque<>();
  private final byte[] space = new byte[1 << 16];
  private final Thread thread;
  private volatile boolean over;
  private long came;
  private long turnedAway;
  private long answered;

  private Visitors(URI door, String token, String payload) {
    this.door = door;
    this.token = token;
    this.question = Question.of("plain", payload);
    this.thread = Thread.ofPlatform().name("visitors").start(this::run);
  }

  /** Has them come from now on. */
  static Visitors start(URI door, String token, String payload) {
    return new Visitors(door, token, payload);
  }

  private void run() {
    try {
      for (long due = System.nanoTime(); !over; due += EVERY_NANOS) {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        come();
        if (here.size() > AT_A_TIME) {
          leave(here.remove());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    here.forEach(this::leave);
  }

  private void come() {
    try {
      var visitor = LoadSocket.open(door, token);
      came++;
      here.add(visitor);
      var frame = ByteBuffer.allocate(1_024);
      question.write((int) came, frame);
      visitor.send(frame.flip());
    } catch (IOException _) {
      turnedAway++;
    }
  }

  /** The last ones have come just now, so that their answers may be on their way. */
  private void leave(LoadSocket visitor) {
    long before = answered;
    long until = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (answered == before && System.nanoTime() < until) {
        visitor.receive(
            space,
            (bytes, from, to) -> {
              if (Reply.RESPONSE.is(bytes, from, to)) {
                answered++;
              }
            });
        LockSupport.parkNanos(LOOK_NANOS);
      }
      visitor.close();
    } catch (IOException _) {
      // cut before it left: its question is not counted as answered
    }
  }

  /**
   * Has the last ones leave.
   *
   * @return how many came, were turned away or cut at once, and left without an answer
   */
  JsonObject end() throws InterruptedException {
    over = true;
    thread.join();
    return new JsonObject()
        .put("visitors", (double) came)
        .put("turned_away", (double) turnedAway)
        .put("visitors_unanswered", (double) (came - answered));
  }
}
