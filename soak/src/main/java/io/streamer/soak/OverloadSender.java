package io.streamer.soak;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends requests at fixed times, however they are answered, and hears each job's end. What is
 * refused for now is sent again when its answer says so, and later and later: clients that all came
 * back as soon as they may would be the overload themselves.
 */
final class OverloadSender implements Runnable {
  private static final long LOOK_MS = 20;
  private static final long AGAIN_MS = 1_000;
  private static final long LONGEST_AGAIN_MS = 60_000;

  /**
   * A request.
   *
   * @param at when it was sent for the first time, by {@link System#nanoTime}
   */
  private record Asked(long at, boolean acknowledged) {}

  private record Due(long at, String requestId) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(at, other.at);
    }
  }

  private final Socket socket;
  private final String prefix;
  private final Duration every;
  private final Duration time;
  private final Overload.Load load;

  /** What is not over yet. */
  private final Map<String, Asked> open = new HashMap<>();

  /** How often each was refused. */
  private final Map<String, Integer> refusals = new HashMap<>();

  private final PriorityQueue<Due> again = new PriorityQueue<>();

  /**
   * A sender.
   *
   * @param prefix of its requests' ids
   * @param time how long it has new requests
   */
  OverloadSender(Socket socket, String prefix, Duration every, Duration time, Overload.Load load) {
    this.socket = socket;
    this.prefix = prefix;
    this.every = every;
    this.time = time;
    this.load = load;
  }

  @Override
  public void run() {
    long begun = System.nanoTime();
    long all = time.dividedBy(every);
    long sent = 0;
    try (socket) {
      while (sent < all || !open.isEmpty()) {
        for (; sent < all && begun + sent * every.toNanos() <= System.nanoTime(); sent++) {
          open.put(prefix + sent, new Asked(System.nanoTime(), false));
          send(prefix + sent);
        }
        while (!again.isEmpty() && again.peek().at() <= System.nanoTime()) {
          send(again.remove().requestId());
        }
        for (var heard = socket.next(LOOK_MS); heard.isPresent(); heard = socket.next(0)) {
          take(heard.get());
        }
      }
    } catch (InterruptedException _) {
      load.violations.add(open.size() + " requests of " + prefix + " are not over");
    } catch (IOException e) {
      load.violations.add(
          "the connection of " + prefix + " was cut with " + open.size() + " open: " + e);
    }
  }

  private void send(String requestId) throws IOException {
    load.sent.incrementAndGet();
    socket.send(
        new JsonObject()
            .put("type", "request")
            .put("id", requestId)
            .put("action", Kind.QUICK.action())
            .put("payload", new JsonObject().put("id", requestId)));
  }

  private void take(JsonObject frame) {
    var requestId = frame.getString("request_id", "");
    switch (frame.getString("type")) {
      case "acknowledgment" -> {
        var asked = open.get(requestId);
        if (asked != null && !asked.acknowledged()) {
          open.put(requestId, new Asked(asked.at(), true));
          load.accepted.incrementAndGet();
        }
      }
      case "complete" -> over(requestId);
      case "error" -> {
        var error = frame.getJsonObject("error");
        if (!frame.containsKey("seq") && error.getBoolean("retryable")) {
          load.refused.incrementAndGet();
          again.add(new Due(System.nanoTime() + pause(requestId, error).toNanos(), requestId));
        } else {
          load.violations.add("a job ended in " + frame);
          over(requestId);
        }
      }
      default -> {}
    }
  }

  private Duration pause(String requestId, JsonObject error) {
    int before = refusals.merge(requestId, 1, Integer::sum) - 1;
    var longest = Math.min(AGAIN_MS << Math.min(before, 10), LONGEST_AGAIN_MS);
    var some = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    var told = error.getLong("retry_after_ms", 0L);
    return Duration.ofMillis(Math.max(told, some));
  }

  private void over(String requestId) {
    var asked = open.remove(requestId);
    if (asked != null) {
      var now = System.nanoTime();
      load.ended.incrementAndGet();
      load.lastEnd.set(now);
      load.mostStarts.addAndGet(
          1 + Duration.ofNanos(now - asked.at()).dividedBy(Overload.START_AGAIN));
    }
  }
}
