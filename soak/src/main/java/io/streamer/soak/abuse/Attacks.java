package io.streamer.soak.abuse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** How each attack goes. All of them end by themselves when the ground says so. */
final class Attacks {
  private static final int NAME = 100_000;
  private static final int FRAME = 128 * 1024;
  private static final int LARGE = 100_000;
  private static final int JOBS = 64;
  private static final int AT_A_TIME = 400;
  private static final long PAUSE_MS = 50;
  private static final int MOST_UNDER_WAY = 1_024;
  private static final int JOB_ID_BYTES = 20;

  private Attacks() {}

  static void inventedNames(Ground ground) throws InterruptedException {
    var random = new Random(1);
    var name = new byte[NAME];
    while (ground.going()) {
      var open = openOrPause(ground);
      if (open.isEmpty()) {
        continue;
      }
      var link = open.get();
      try {
        while (ground.going()) {
          for (int i = 0; i < NAME; i++) {
            name[i] = (byte) ('a' + random.nextInt(26));
          }
          link.send("{\"type\":\"ping\",\"" + ascii(name) + "\":1}");
          link.next();
        }
      } catch (IOException _) {
        // cut: again
      }
    }
  }

  static void pings(Ground ground) throws InterruptedException {
    var payload = new byte[125];
    while (ground.going()) {
      var link = ground.open();
      try {
        while (link.isPresent() && ground.going()) {
          link.get().frame(RawLink.PING, payload);
        }
      } catch (IOException _) {
        // cut: again
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  static void neverReading(Ground ground, int clients) throws IOException, InterruptedException {
    var threads = new ArrayList<Thread>();
    var echo =
        new JsonObject()
            .put("action", "echo")
            .put("payload", new JsonObject().put("text", "x".repeat(LARGE)))
            .encode();
    for (int i = 0; i < clients; i++) {
      ground
          .open()
          .ifPresent(link ->
              threads.add(
                  // a write may block for ever: it ends with its socket
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          while (ground.going()) {
                            link.send(echo);
                          }
                        } catch (IOException _) {
                          // cut: it does not come back
                        }
                      })));
    }
    while (ground.going()) {
      Thread.sleep(PAUSE_MS);
    }
  }

  static void halfHandshakes(Ground ground, int clients) throws InterruptedException {
    var heads = new ArrayList<RawLink>();
    while (ground.going()) {
      var gone = new ArrayList<RawLink>();
      for (var link : heads) {
        try {
          link.raw("X-Slow: 1\r\n".getBytes(US_ASCII));
        } catch (IOException _) {
          gone.add(link);
        }
      }
      heads.removeAll(new HashSet<>(gone));
      while (ground.going() && heads.size() < clients / 3) {
        // two that say less, or nothing, for each that goes on
        ground.connect();
        ground
            .connect()
            .ifPresent(link -> say(link, "GET /ws HTTP/1.1\r\nHost: there\r\nUpgrade: webso"));
        ground
            .connect()
            .ifPresent(link -> {
              say(link, "GET /ws HTTP/1.1\r\nHost: there\r\n");
              heads.add(link);
            });
      }
      Thread.sleep(20 * PAUSE_MS);
    }
  }

  static void hello(Ground ground) throws IOException, InterruptedException {
    var ended = endedJobs(ground);
    var hello = new JsonObject().put("type", "hello");
    var lastSeq = new JsonObject();
    ended.forEach(job -> lastSeq.put(job, 0));
    var frame = hello.put("last_seq", lastSeq).encode();
    while (ground.going()) {
      var open = openOrPause(ground);
      if (open.isEmpty()) {
        continue;
      }
      var link = open.get();
      ground.listen(link);
      try {
        while (ground.going()) {
          for (int i = 0; i < AT_A_TIME && ground.going(); i++) {
            link.send(frame);
          }
        }
      } catch (IOException _) {
        // cut: again
      }
    }
  }

  /** Jobs of this user that have ended with a result just small enough for a frame. */
  private static Set<String> endedJobs(Ground ground) throws IOException {
    var link =
        ground.open().orElseThrow(() -> new IOException("there is no place for the setting"));
    for (int i = 0; i < JOBS; i++) {
      link.send(
          new JsonObject()
              .put("action", "delay")
              .put("id", "large-" + i)
              .put(
                  "payload",
                  new JsonObject().put("seconds", 0).put("steps", 1).put("result_kb", 95))
              .encode());
    }
    var ended = new HashSet<String>();
    while (ended.size() < JOBS) {
      var frame = link.next();
      if (frame.opcode() == RawLink.TEXT) {
        var said = new JsonObject(frame.payload().toString());
        if ("complete".equals(said.getString("type"))) {
          ended.add(said.getString("job_id"));
        } else if ("error".equals(said.getString("type"))) {
          throw new IOException("the setting failed: " + said.encode());
        }
      }
    }
    return ended;
  }

  static void unfinishedFrames(Ground ground, int clients) throws InterruptedException {
    for (int i = 0; i < clients && ground.going(); i++) {
      // one in two is too large as a whole, which its head says
      var size = i % 2 == 0 ? FRAME : 8 * FRAME - 1;
      ground
          .open()
          .ifPresent(link -> {
            try {
              link.begin(RawLink.LAST | RawLink.TEXT, size, new byte[size], size - 1);
            } catch (IOException _) {
              // cut: one less
            }
          });
    }
    while (ground.going()) {
      Thread.sleep(PAUSE_MS);
    }
  }

  static void silence(Ground ground, int clients) throws InterruptedException {
    for (int i = 0; i < clients && ground.going(); i++) {
      ground.open();
    }
    while (ground.going()) {
      Thread.sleep(PAUSE_MS);
    }
  }

  static void waitingCalls(Ground ground, int clients) throws InterruptedException {
    again(ground, clients, PAUSE_MS, link -> said(link, Attacks::status, MOST_UNDER_WAY));
  }

  static void resets(Ground ground) throws InterruptedException {
    while (ground.going()) {
      var open = openOrPause(ground);
      if (open.isEmpty()) {
        continue;
      }
      var link = open.get();
      said(link, Attacks::status, MOST_UNDER_WAY);
      ground.reset(link);
    }
  }

  static void inventedJobs(Ground ground, int clients) throws InterruptedException {
    var random = new Random(2);
    again(
        ground,
        clients,
        // what the ids keep is looked at, not how many frames a core reads
        20 * PAUSE_MS,
        link -> said(link, _ -> hello(random), 1) && said(link, _ -> unsubscribe(random), 8));
  }

  /** Empty, a moment later, if it is refused. */
  private static Optional<RawLink> openOrPause(Ground ground) throws InterruptedException {
    var open = ground.open();
    if (open.isEmpty()) {
      Thread.sleep(PAUSE_MS);
    }
    return open;
  }

  /** Has so many connections say something again and again; whoever is cut comes back. */
  private static void again(Ground ground, int clients, long pauseMs, Predicate<RawLink> say)
      throws InterruptedException {
    var links = new ArrayList<RawLink>();
    while (ground.going()) {
      for (int i = links.size(); i < clients && ground.going(); i++) {
        ground
            .open()
            .ifPresent(link -> {
              ground.listen(link);
              links.add(link);
            });
      }
      links.removeAll(links.stream().filter(link -> ground.going() && !say.test(link)).toList());
      Thread.sleep(pauseMs);
    }
    // what is on its way already would be read for minutes
    links.forEach(ground::reset);
  }

  /** Whether it took so many frames. */
  private static boolean said(RawLink link, IntFunction<String> frame, int times) {
    try {
      for (int i = 0; i < times; i++) {
        link.send(frame.apply(i));
      }
      return true;
    } catch (IOException _) {
      // cut
      return false;
    }
  }

  private static String status(int id) {
    return "{\"type\":\"status\",\"id\":\"" + id + "\"}";
  }

  private static String hello(Random random) {
    var lastSeq = new JsonObject();
    for (int i = 0; i < JOBS; i++) {
      lastSeq.put(inventedJob(random), 1);
    }
    return new JsonObject().put("type", "hello").put("last_seq", lastSeq).encode();
  }

  private static String unsubscribe(Random random) {
    return new JsonObject()
        .put("type", "unsubscribe")
        .put("id", "u")
        .put("job_id", inventedJob(random))
        .encode();
  }

  private static String inventedJob(Random random) {
    var id = new byte[JOB_ID_BYTES];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }

  private static void say(RawLink link, String text) {
    try {
      link.raw(text.getBytes(US_ASCII));
    } catch (IOException _) {
      // cut already
    }
  }

  private static String ascii(byte[] letters) {
    return new String(letters, US_ASCII);
  }
}
