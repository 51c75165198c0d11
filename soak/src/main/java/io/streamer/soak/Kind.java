package io.streamer.soak;

import io.streamer.soak.Followed.Side;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What a job of the soak does, and how it may end. */
enum Kind {
  QUICK("soak.quick", Set.of("complete")),
  EVENTS("soak.events", Set.of("complete")),
  FLAKY("soak.flaky", Set.of("complete")),
  STEPS("soak.steps", Set.of("complete")),
  REFUSED("soak.refused", Set.of("PROCESSING_FAILED")),
  /** Cancelled by its client once it runs. */
  CANCELLED("soak.patient", Set.of("CANCELLED")),
  /** Its deadline comes before its end. */
  LATE("soak.patient", Set.of("TIMEOUT")),
  /** Starts only after a while. */
  DELAYED("soak.quick", Set.of("complete")),
  /** Works without a word, for longer than a lease is renewed. */
  SILENT("soak.silent", Set.of("complete")),
  /** Cancelled by its client long before it would start. */
  RECALLED("soak.quick", Set.of("CANCELLED")),
  /** Its deadline comes long before its next attempt. */
  EXPIRED("soak.later", Set.of("TIMEOUT")),
  /** Its payload and its result are too large for its row. */
  BULKY("soak.bulky", Set.of("complete")),
  /** Its result is too large for a frame. */
  LARGE("soak.large", Set.of("complete")),
  /** Answered on the spot, or, if it takes too long, followed as a job that dies with its task. */
  OVERRUN("soak.overrun", Set.of("complete", "INTERNAL_ERROR", "response")),
  SYNC("echo", Set.of("response")),
  /** Two connections of its user send it, and come back to it, as two tabs do. */
  TWO_TABS("soak.events", Set.of("complete")),
  /** A connection watches it that stops reading. */
  UNREAD("soak.events", Set.of("complete"));

  private static final int MOST_EVENTS = 60;
  private static final int BULK = 3_000;

  private final String action;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of gives one that never changes
  private final Set<String> ends;

  Kind(String action, Set<String> ends) {
    this.action = action;
    this.ends = ends;
  }

  String action() {
    return action;
  }

  /** A job's kinds of end: {@code complete}, {@code response}, or an error's code. */
  boolean mayEnd(String how) {
    return ends.contains(how);
  }

  /** Any of them, each as often as its share; the first ones are each of another kind. */
  static Kind of(int number, RandomGenerator random) {
    if (number < values().length && values()[number].percent() > 0) {
      return values()[number];
    }
    int die = random.nextInt(100);
    for (var kind : values()) {
      die -= kind.percent();
      if (die < 0) {
        return kind;
      }
    }
    return QUICK;
  }

  private int percent() {
    return switch (this) {
      case QUICK, EVENTS -> 21;
      case STEPS -> 10;
      case FLAKY -> 8;
      case CANCELLED -> 6;
      case REFUSED, DELAYED, SYNC, TWO_TABS -> 4;
      case OVERRUN, LATE, BULKY, LARGE -> 3;
      case SILENT, RECALLED, EXPIRED -> 2;
      // it takes long: as often as the run wants it
      case UNREAD -> 0;
    };
  }

  /** Who follows it to its end. */
  Set<Side> sides() {
    if (this == TWO_TABS) {
      return Set.of(Side.REQUESTER, Side.SECOND_TAB);
    }
    return this == UNREAD ? Set.of(Side.REQUESTER, Side.WATCHER) : Set.of(Side.REQUESTER);
  }

  /** Whether its events are numbered from zero on. */
  boolean counts() {
    return this == EVENTS || this == TWO_TABS || this == UNREAD;
  }

  JsonObject payload(RandomGenerator random, String id) {
    return switch (this) {
      case EVENTS ->
          new JsonObject()
              .put("count", 1 + random.nextInt(MOST_EVENTS))
              .put("pause_ms", random.nextInt(40))
              .put("every", 1 + random.nextInt(15));
      case TWO_TABS, UNREAD ->
          new JsonObject()
              .put("count", MOST_EVENTS)
              .put("pause_ms", 20 + random.nextInt(40))
              .put("every", 1 + random.nextInt(15));
      case BULKY -> new JsonObject().put("id", id).put("text", "x".repeat(BULK));
      case QUICK,
          FLAKY,
          STEPS,
          REFUSED,
          CANCELLED,
          LATE,
          DELAYED,
          SILENT,
          RECALLED,
          EXPIRED,
          LARGE,
          OVERRUN,
          SYNC ->
          new JsonObject().put("id", id);
    };
  }

  JsonObject options() {
    return switch (this) {
      case DELAYED -> new JsonObject().put("delay_ms", 700);
      case LATE, EXPIRED -> new JsonObject().put("deadline_ms", 1_500);
      case RECALLED -> new JsonObject().put("delay_ms", 600_000);
      case QUICK,
          EVENTS,
          FLAKY,
          STEPS,
          REFUSED,
          CANCELLED,
          SILENT,
          BULKY,
          LARGE,
          OVERRUN,
          SYNC,
          TWO_TABS,
          UNREAD ->
          new JsonObject();
    };
  }
}
