package io.streamer.soak.abuse;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another client, who asks for an {@code echo} at fixed times and notes how long each answer takes
 * from the moment at which it was to be asked for. Comes back when its connection is cut.
 */
final class Bystander {
  private static final long EVERY_NANOS = 25_000_000;
  private static final long COME_BACK_MS = 250;

  private final URI door;
  private final String token;
  private final ConcurrentHashMap<String, Long> asked = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asks = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private final Thread thread;
  private volatile boolean leaving;
  private volatile long inSince;

  Bystander(URI door, String token) {
    this.door = door;
    this.token = token;
    this.thread = Thread.ofPlatform().name("bystander").start(this::run);
  }

  /** Since when it has had a connection, as {@link System#nanoTime}; 0 if it never had one. */
  long inSince() {
    return inSince;
  }

  private void run() {
    while (!leaving) {
      try {
        stay();
      } catch (IOException _) {
        if (inSince != 0 && !leaving) {
          cuts.incrementAndGet();
        }
        pause();
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void stay() throws IOException, InterruptedException {
    Thread reader;
    try (var link = RawLink.open(door, token)) {
      if (inSince == 0) {
        inSince = System.nanoTime();
      }
      reader = Thread.ofPlatform().name("bystander's ear").start(() -> read(link));
      ask(link);
    }
    reader.join();
  }

  private void ask(RawLink link) throws IOException, InterruptedException {
    var due = System.nanoTime();
    while (!leaving) {
      var id = "b" + asks.incrementAndGet();
      asked.put(id, due);
      link.send(new JsonObject().put("action", "echo").put("id", id).encode());
      due += EVERY_NANOS;
      var wait = due - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
      }
    }
    // what is on the way may come
    for (int i = 0; i < 100 && took.size() < asks.get(); i++) {
      Thread.sleep(20);
    }
  }

  private void read(RawLink link) {
    try {
      while (true) {
        var frame = link.next();
        if (frame.opcode() == RawLink.PING) {
          link.frame(RawLink.PONG, frame.payload().getBytes());
        } else if (frame.opcode() == RawLink.TEXT) {
          var answer = new JsonObject(frame.payload().toString());
          var due = asked.remove(answer.getString("request_id", ""));
          if (due != null && "response".equals(answer.getString("type"))) {
            took.add(System.nanoTime() - due);
          }
        }
      }
    } catch (IOException _) {
      // the asking side notices
    }
  }

  private static void pause() {
    try {
      Thread.sleep(COME_BACK_MS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  ServiceLevel served() {
    var times = took.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(times);
    return new ServiceLevel(
        asks.get(), times.length, cuts.get(), at(times, 0.5), at(times, 0.99), at(times, 1));
  }

  private static double at(long[] times, double share) {
    return times.length == 0
        ? Double.NaN
        : times[(int) Math.min(times.length - 1, Math.floor(times.length * share))] / 1e6;
  }

  /** Asks no more, and waits for the last answers. */
  void leave() throws InterruptedException {
    leaving = true;
    thread.join();
  }
}
