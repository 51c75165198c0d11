package io.streamer.soak;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request as its client knows it: what it applied of the job's frames, by the protocol's rules.
 * Owned by the client's thread, but for what others may wait for.
 */
final class Followed {
  /** Who follows it. */
  enum Side {
    REQUESTER,
    SECOND_TAB,
    WATCHER
  }

  private final String requestId;
  private final Kind kind;
  private final Side side;
  private final JsonObject frame;
  private final Consumer<String> told;
  private final Consumer<String> broken;
  private final CompletableFuture<String> known = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final List<Emitted> events = new ArrayList<>();

  /** What its client saw last, for whoever looks for the cause of what is wrong. */
  private final Deque<String> trace = new ArrayDeque<>();

  private @Nullable String jobId;
  private long seq;
  private @Nullable JsonObject end;
  private @Nullable String how;
  private long cancelAt;

  private static final int MOST_TRACED = 120;
  private static final long CANCEL_AGAIN_MS = 3_000;

  private record Emitted(long seq, int value) {}

  Followed(String requestId, Kind kind, JsonObject frame, Consumer<String> broken) {
    this(requestId, kind, Side.REQUESTER, frame, broken);
  }

  private Followed(
      String requestId, Kind kind, Side side, JsonObject frame, Consumer<String> broken) {
    this.requestId = requestId;
    this.kind = kind;
    this.side = side;
    this.frame = frame;
    this.told = broken;
    this.broken = text -> broken.accept(name() + ": " + text + "; lately: " + trace);
  }

  /** The same request as another connection of its user knows it. */
  Followed asSeenBy(Side other) {
    return new Followed(requestId, kind, other, frame, told);
  }

  /** For those who look for it. */
  String name() {
    return what() + " " + requestId;
  }

  /** Its kind, and who follows it if it is not who asked. */
  String what() {
    return what(kind, side);
  }

  static String what(Kind kind, Side side) {
    return side == Side.REQUESTER ? kind.name() : kind + " " + side;
  }

  Side side() {
    return side;
  }

  /** Done once its job is known to be stored, with the job's id; for any thread. */
  CompletableFuture<String> known() {
    return known;
  }

  /** Done once its end was heard; for any thread. */
  CompletableFuture<Void> over() {
    return over;
  }

  /** What its client saw lately. */
  String trace() {
    return trace.toString();
  }

  /** Notes what happens around it. */
  void note(String text) {
    trace.add(text);
    if (trace.size() > MOST_TRACED) {
      trace.remove();
    }
  }

  String requestId() {
    return requestId;
  }

  Kind kind() {
    return kind;
  }

  /** The request, to the letter the same each time. */
  JsonObject frame() {
    return frame;
  }

  /** Known once the gateway said that the job is stored. */
  @Nullable String jobId() {
    return jobId;
  }

  long seq() {
    return seq;
  }

  boolean ended() {
    return how != null;
  }

  /** The frame that ended its job; {@code null} before, and for what was answered on the spot. */
  @Nullable JsonObject end() {
    return end;
  }

  /** How it ended: {@code complete}, {@code response} or an error's code. */
  @Nullable String how() {
    return how;
  }

  /** Whether a cancel is to be sent now; it counts as sent, and may have got lost after a while. */
  boolean wantsCancel(long now) {
    var unwanted = kind == Kind.RECALLED || (kind == Kind.CANCELLED && seq > 0);
    var wants = unwanted && jobId != null && how == null && now >= cancelAt;
    cancelAt = wants ? now + CANCEL_AGAIN_MS : cancelAt;
    return wants;
  }

  void accepted(String id) {
    if (jobId != null && !jobId.equals(id)) {
      broken.accept("was job " + jobId + " and is job " + id);
    }
    jobId = id;
    known.complete(id);
  }

  void answered() {
    // a second run of an action on the spot may be answered though the first became a job
    if (jobId != null && kind != Kind.OVERRUN) {
      broken.accept("has a response though it is a job");
    }
    finish("response");
  }

  void refused(String code) {
    finish(code);
  }

  /** Applies a numbered frame, unless it is not above what was applied. */
  void apply(JsonObject numbered) {
    long number = numbered.getLong("seq");
    note(
        numbered.getString("type")
            + " "
            + number
            + (numbered.containsKey("data") ? "=" + numbered.getValue("data") : "")
            + (number <= seq ? " (dropped)" : ""));
    if (end != null) {
      sameEnd(numbered, number);
      return;
    }
    if (number <= seq) {
      return;
    }
    seq = number;
    switch (numbered.getString("type")) {
      case "event" -> events.add(new Emitted(number, numbered.getInteger("data")));
      case "rewind" -> {
        long after = numbered.getLong("after_seq");
        events.removeIf(event -> event.seq() > after);
      }
      case "complete" -> end(numbered, "complete");
      case "error" -> end(numbered, numbered.getJsonObject("error").getString("code"));
      default -> {}
    }
  }

  private void sameEnd(JsonObject numbered, long number) {
    var type = numbered.getString("type");
    if (!type.equals("complete") && !type.equals("error")) {
      // "after a terminal frame, ignore the rest"
      return;
    }
    if (number != seq || (end != null && !contents(numbered).equals(contents(end)))) {
      broken.accept("ended twice: " + end + " and " + numbered);
    }
  }

  private static JsonObject contents(JsonObject terminal) {
    var copy = terminal.copy();
    copy.remove("timestamp");
    // signed anew each time
    copy.remove("result_url");
    return copy;
  }

  private void end(JsonObject frame, String how) {
    end = frame;
    finish(how);
    if (kind.counts() && how.equals("complete")) {
      checkEvents();
    }
    if (kind == Kind.LARGE && how.equals("complete") && !frame.containsKey("result_url")) {
      broken.accept("has no result_url");
    }
  }

  private void checkEvents() {
    int count = frame.getJsonObject("payload").getInteger("count");
    for (int i = 0; i < Math.max(count, events.size()); i++) {
      if (i >= events.size() || events.get(i).value() != i || i >= count) {
        broken.accept(
            "of %d events, the one at %d is wrong: %s"
                .formatted(count, i, events.stream().map(Emitted::value).toList()));
        return;
      }
    }
  }

  private void finish(String end) {
    if (how == null && !kind.mayEnd(end)) {
      broken.accept("ended in " + end + ": " + this.end);
    }
    how = end;
    over.complete(null);
  }

  /** A request that is not sent yet. */
  static Followed of(String id, Kind kind, RandomGenerator random, Consumer<String> broken) {
    var frame =
        new JsonObject()
            .put("type", "request")
            .put("id", id)
            .put("action", kind.action())
            .put("payload", kind.payload(random, id))
            .put("options", kind.options());
    return new Followed(id, kind, frame, broken);
  }

  /** A request's id that tells seed and number. */
  static String id(long seed, int number) {
    return HexFormat.of().toHexDigits(seed) + "-" + number;
  }
}
