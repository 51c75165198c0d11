package io.streamer.local.feed;

import io.streamer.shared.payload.Payloads;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One who watches, over server-sent events. It is told which jobs have changed, each as it is then:
 * a job that changes often is told ten times a second at most, and one who reads slowly misses what
 * was between. What waits for it is a set of ids, one for each job of the feed at most; nobody
 * waits for it.
 */
final class Watcher {
  private static final long EVERY_MS = 100;
  private static final int MOST_ROWS = 500;

  /** Turns without a word, after which a comment shows that both are there. */
  private static final int QUIET_TURNS = 100;

  /** How often the stage is looked at, in turns. */
  private static final int STAGE_TURNS = 10;

  private final Feed feed;
  private final StageFacts facts;
  private final HttpServerResponse response;
  private final Set<String> changed = new LinkedHashSet<>();
  private Runnable unwatch = () -> {};
  private String stage = "";
  private int quiet;
  private int turns;

  private Watcher(Feed feed, StageFacts facts, HttpServerResponse response) {
    this.feed = feed;
    this.facts = facts;
    this.response = response;
  }

  /** Rows, as they are told. */
  private record Told(List<JobRow> jobs) {}

  /** Begins, and ends with the response; calls {@code ended} then. */
  static void begin(
      Vertx vertx, Feed feed, StageFacts facts, HttpServerResponse response, Runnable ended) {
    var watcher = new Watcher(feed, facts, response);
    response
        .putHeader("Content-Type", "text/event-stream")
        .setChunked(true)
        .write("retry: 1000\n\n");
    watcher.unwatch = feed.watch(watcher::changed);
    Context context = vertx.getOrCreateContext();
    var timer = vertx.setPeriodic(EVERY_MS, _ -> context.runOnContext(_ -> watcher.turn()));
    response.closeHandler(_ -> {
      vertx.cancelTimer(timer);
      watcher.unwatch.run();
      ended.run();
    });
  }

  private void changed(String id) {
    if (response.closed()) {
      // its gateway was killed
      unwatch.run();
      return;
    }
    synchronized (changed) {
      changed.add(id);
    }
  }

  private void turn() {
    if (response.closed() || response.writeQueueFull()) {
      return;
    }
    var ids = take();
    if (!ids.isEmpty()) {
      send("jobs", Payloads.write(new Told(feed.rows(ids))).toString());
    }
    if (turns % STAGE_TURNS == 0) {
      var now = facts.json().toString();
      if (!now.equals(stage)) {
        stage = now;
        send("stage", now);
      }
    }
    turns++;
    if (++quiet > QUIET_TURNS) {
      quiet = 0;
      response.write(":\n\n");
    }
  }

  private List<String> take() {
    synchronized (changed) {
      var some = new ArrayList<String>();
      for (var ids = changed.iterator(); ids.hasNext() && some.size() < MOST_ROWS; ) {
        some.add(ids.next());
        ids.remove();
      }
      return some;
    }
  }

  private void send(String event, String json) {
    quiet = 0;
    // JSON of ours has line breaks in strings alone, where they are escaped
    response.write("event: " + event + "\ndata: " + json.replace("\n", " ") + "\n\n");
  }
}
