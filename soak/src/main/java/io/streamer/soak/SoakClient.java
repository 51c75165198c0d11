package io.streamer.soak;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps the protocol's rules: it comes back after every cut by either door, resumes
 * what it knows, repeats what may not have arrived, and follows each job to its end. All of it is
 * one thread's.
 */
final class SoakClient implements Runnable {
  private static final int AT_ONCE = 4;
  private static final long ANSWER_MS = 8_000;
  private static final long COME_BACK_MS = 200;

  /** How often two tabs drop their sockets while their job runs, at most, and how soon. */
  private static final int TABS_CUTS = 4;

  private static final long TABS_CUT_MS = 1_500;

  /** How often a client that stays asks for a sign of life, and how long it waits for one. */
  private static final long PING_MS = 2_000;

  private static final long SILENCE_MS = 20_000;

  private final Access access;
  private final RequestPlan plan;
  private final Counts counts;
  private final Violations violations;
  private final RandomGenerator random;
  private final long cutEveryMs;

  private final Map<String, Followed> open = new LinkedHashMap<>();
  private final Map<String, Followed> jobs = new HashMap<>();
  private final Map<String, Long> askAgainAt = new HashMap<>();

  /** How often the tab of such a request is still to be cut; then it stays until it is told. */
  private final Map<String, Integer> cutsLeft = new HashMap<>();

  /** Overruns answered on the spot: with a store that was away they may be jobs all the same. */
  private final Set<String> answered = new HashSet<>();

  private int asked;

  /**
   * A client.
   *
   * @param plan its requests
   * @param cutEveryMs how long its sockets last, about
   */
  SoakClient(
      Access access,
      RequestPlan plan,
      Counts counts,
      Violations violations,
      RandomGenerator random,
      long cutEveryMs) {
    this.access = access;
    this.plan = plan;
    this.counts = counts;
    this.violations = violations;
    this.random = random;
    this.cutEveryMs = cutEveryMs;
  }

  @Override
  public void run() {
    try {
      while (!finished()) {
        try {
          connect();
        } catch (IOException _) {
          counts.cuts.incrementAndGet();
          Thread.sleep(random.nextLong(COME_BACK_MS));
        }
      }
    } catch (InterruptedException _) {
      open.values()
          .forEach(job ->
              violations.add(
                  job.name()
                      + ", job "
                      + job.jobId()
                      + ", never ended for its client; lately: "
                      + job.trace()));
    } catch (RuntimeException e) {
      violations.add("a client failed: " + e);
    }
  }

  /** Follows a job that it did not ask for. Before it runs. */
  void follow(Followed job, String jobId) {
    job.accepted(jobId);
    jobs.put(jobId, job);
    open.put(job.requestId(), job);
  }

  private boolean finished() {
    return plan.isDone() && open.isEmpty();
  }

  private void connect() throws IOException, InterruptedException {
    var ways = access.doors().get();
    if (ways.isEmpty()) {
      throw new IOException("no door is open");
    }
    var door = ways.get(random.nextInt(ways.size()));
    try (var socket = Socket.open(access.http(), door.uri(), access.token())) {
      open.values().forEach(job -> job.note("| " + (door.direct() ? "direct" : "api")));
      var rules =
          door.direct() ? new WireRules(text -> violations.add("the direct door: " + text)) : null;
      new Visit(socket, rules).run();
    } finally {
      cutsLeft.replaceAll((_, left) -> left - 1);
    }
  }

  /** One connection's time. */
  private final class Visit {
    private final Socket socket;
    private final @Nullable WireRules rules;
    private final List<JsonObject> held = new ArrayList<>();

    /** What is resumed by sending the request again. */
    private final Set<String> repeats = new HashSet<>();

    /** What was sent and not acknowledged, whatever came of its job. */
    private final Set<String> unconfirmed = new HashSet<>();

    private long until = System.currentTimeMillis() + random.nextLong(2 * cutEveryMs);
    private boolean holding;
    private long heardAt = System.currentTimeMillis();
    private long pingedAt = heardAt;

    Visit(Socket socket, @Nullable WireRules rules) {
      this.socket = socket;
      this.rules = rules;
    }

    void run() throws IOException, InterruptedException {
      if (cutsLeft.values().stream().anyMatch(left -> left > 0)) {
        cutSoon();
      }
      resume();
      askAgainAt.clear();
      while (!finished()) {
        ask();
        socket.next(50).ifPresent(this::take);
        keepAlive();
        if (System.currentTimeMillis() > until && !stays()) {
          socket.drop();
          throw new IOException("dropped by the client itself");
        }
      }
    }

    /** Whoever drops its socket by itself need not find out whether it is still there. */
    private void keepAlive() throws IOException {
      var now = System.currentTimeMillis();
      if (now < until) {
        return;
      }
      if (now - pingedAt > PING_MS) {
        pingedAt = now;
        socket.send(new JsonObject().put("type", "ping"));
      }
      if (now - heardAt > SILENCE_MS) {
        open.values().forEach(job -> job.note("silence"));
        socket.drop();
        throw new IOException("nothing is heard");
      }
    }

    private void cutSoon() {
      until = Math.min(until, System.currentTimeMillis() + random.nextLong(TABS_CUT_MS));
    }

    /** Whether it was acknowledged as one of two tabs, and must be told without asking again. */
    private boolean stays() {
      return open.values().stream()
          .anyMatch(job ->
              job.jobId() != null
                  && cutsLeft.getOrDefault(job.requestId(), 1) <= 0
                  && !repeats.contains(job.requestId()));
    }

    private void resume() throws IOException, InterruptedException {
      var known = new ArrayList<Followed>();
      for (var job : open.values()) {
        if (job.jobId() == null) {
          continue;
        }
        if (cutsLeft.containsKey(job.requestId()) && random.nextBoolean()) {
          repeats.add(job.requestId());
        } else {
          known.add(job);
        }
      }
      if (known.isEmpty()) {
        return;
      }
      counts.resumed.addAndGet(known.size());
      var lastSeq = new JsonObject();
      known.forEach(job -> lastSeq.put(String.valueOf(job.jobId()), job.seq()));
      holding = true;
      var welcome =
          answer(new JsonObject().put("type", "hello").put("last_seq", lastSeq), "welcome");
      var found = new ArrayList<String>();
      for (var attached : welcome.getJsonArray("jobs")) {
        found.add(attached((JsonObject) attached));
      }
      for (var job : known) {
        if (!found.contains(job.jobId())) {
          violations.add(
              job.name()
                  + ", job "
                  + job.jobId()
                  + ", was accepted and is"
                  + " unknown: "
                  + welcome);
        }
      }
      known.forEach(job -> job.note("welcome"));
      holding = false;
      held.forEach(this::apply);
      held.clear();
    }

    /** Applies what was missed of a job, a page at a time; its id. */
    private String attached(JsonObject first) throws IOException, InterruptedException {
      var jobId = first.getJsonObject("snapshot").getString("job_id");
      var page = first;
      while (true) {
        page.getJsonArray("events", new JsonArray()).forEach(event -> apply((JsonObject) event));
        var next = page.getLong("next");
        if (next == null) {
          return jobId;
        }
        page =
            answer(
                    new JsonObject()
                        .put("type", "subscribe")
                        .put("job_id", jobId)
                        .put("after_seq", next),
                    "response")
                .getJsonObject("data");
      }
    }

    /** Sends a frame of our own and waits for its answer; jobs' frames are held back meanwhile. */
    private JsonObject answer(JsonObject frame, String type)
        throws IOException, InterruptedException {
      var id = "ask-" + ++asked;
      socket.send(frame.put("id", id));
      long limit = System.currentTimeMillis() + ANSWER_MS;
      while (System.currentTimeMillis() < limit) {
        var heard = socket.next(limit - System.currentTimeMillis());
        if (heard.isEmpty()) {
          break;
        }
        if (id.equals(heard.get().getString("request_id"))) {
          if (type.equals(heard.get().getString("type"))) {
            announce(heard.get());
            return heard.get();
          }
          // the store may be away for a moment
          socket.drop();
          throw new IOException("refused: " + heard.get());
        }
        take(heard.get());
      }
      socket.drop();
      throw new IOException("no answer to " + frame);
    }

    private void announce(JsonObject answer) {
      if (rules == null) {
        return;
      }
      for (var attached : answer.getJsonArray("jobs", new JsonArray())) {
        rules.announced(((JsonObject) attached).getJsonObject("snapshot").getString("job_id"));
      }
    }

    /** New requests, those that may not have arrived, and cancels. */
    private void ask() throws IOException {
      while (open.size() < AT_ONCE) {
        var next = plan.next();
        if (next.isEmpty()) {
          break;
        }
        var job = next.get();
        open.put(job.requestId(), job);
        if (job.kind() == Kind.TWO_TABS) {
          cutsLeft.put(job.requestId(), random.nextInt(TABS_CUTS));
          cutSoon();
        }
      }
      long now = System.currentTimeMillis();
      for (var job : List.copyOf(open.values())) {
        var asks = job.jobId() == null || repeats.contains(job.requestId());
        if (asks && askAgainAt.getOrDefault(job.requestId(), 0L) <= now) {
          // apart from others: they may all have lost theirs at the same moment
          askAgainAt.put(job.requestId(), now + ANSWER_MS / 4 + random.nextLong(ANSWER_MS / 2));
          counts.sent.incrementAndGet();
          job.note("sent");
          unconfirmed.add(job.requestId());
          socket.send(job.frame());
          if (random.nextInt(20) == 0) {
            // an impatient user
            socket.send(job.frame());
          }
        }
        if (job.wantsCancel(now)) {
          socket.send(
              new JsonObject()
                  .put("type", "cancel")
                  .put("id", "ask-" + ++asked)
                  .put("job_id", job.jobId()));
        }
      }
    }

    private void take(JsonObject frame) {
      counts.frames.incrementAndGet();
      heardAt = System.currentTimeMillis();
      var type = frame.getString("type", "");
      if (frame.containsKey("seq") && frame.containsKey("job_id")) {
        if (rules != null) {
          rules.numbered(frame);
        }
        if (holding) {
          held.add(frame);
        } else {
          apply(frame);
        }
        return;
      }
      var job = open.get(frame.getString("request_id", ""));
      if (type.equals("acknowledgment")) {
        var jobId = frame.getString("job_id");
        if (rules != null) {
          rules.announced(jobId);
        }
        if (job != null) {
          job.note("acknowledged " + frame.getString("status"));
          repeats.remove(job.requestId());
          unconfirmed.remove(job.requestId());
          accepted(job, jobId);
        }
      } else if (type.equals("response") && job != null) {
        job.answered();
        if (job.kind() == Kind.OVERRUN) {
          answered.add(job.requestId());
        }
        done(job);
      } else if (type.equals("error") && job != null) {
        refused(job, frame.getJsonObject("error"));
      } else if (type.isEmpty()) {
        askAgain();
      }
    }

    /** API Gateway lost a frame: events that came before its acknowledgment promise nothing. */
    private void askAgain() {
      for (var job : open.values()) {
        if (unconfirmed.contains(job.requestId())) {
          job.note("lost");
          repeats.add(job.requestId());
          askAgainAt.put(job.requestId(), System.currentTimeMillis() + COME_BACK_MS);
        }
      }
    }

    private void refused(Followed job, JsonObject error) {
      job.note("refused " + error.getString("code"));
      if (error.getBoolean("retryable")) {
        // behind API Gateway a frame of its job may have come, and another connection has the rest
        repeats.add(job.requestId());
        askAgainAt.put(
            job.requestId(), System.currentTimeMillis() + error.getLong("retry_after_ms", 500L));
      } else if (job.jobId() == null) {
        job.refused(error.getString("code"));
        done(job);
      }
    }

    private void accepted(Followed job, String jobId) {
      if (job.jobId() == null && job.side() == Followed.Side.REQUESTER) {
        counts.accepted.incrementAndGet();
      }
      job.accepted(jobId);
      jobs.put(jobId, job);
    }

    private void apply(JsonObject frame) {
      var job = jobs.get(frame.getString("job_id"));
      if (job == null) {
        // through API Gateway it may overtake the acknowledgment, and implies it
        job = open.get(frame.getString("request_id", ""));
        if (job == null) {
          if (!answered.contains(frame.getString("request_id", ""))) {
            violations.add("a frame of nobody's job: " + frame);
          }
          return;
        }
        accepted(job, frame.getString("job_id"));
      }
      var before = job.ended();
      job.apply(frame);
      if (job.ended() && !before) {
        done(job);
      }
    }

    private void done(Followed job) {
      if (open.remove(job.requestId()) != null) {
        counts.ended(job);
        cutsLeft.remove(job.requestId());
      }
    }
  }
}
