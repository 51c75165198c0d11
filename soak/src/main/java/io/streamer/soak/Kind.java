package io.streamer.soak;

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
  /** Its result is too large for a frame. */
  LARGE("soak.large", Set.of("complete")),
  /** Answered on the spot, or, if it takes too long, followed as a job that dies with its task. */
  OVERRUN("soak.overrun", Set.of("complete", "INTERNAL_ERROR", "response")),
  SYNC("echo", Set.of("response"));

  private static final int MOST_EVENTS = 60;

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

  /** The kind's share of all. */
  static Kind any(RandomGenerator random) {
    int die = random.nextInt(100);
    if (die < 25) {
      return QUICK;
    }
    if (die < 50) {
      return EVENTS;
    }
    if (die < 58) {
      return FLAKY;
    }
    if (die < 68) {
      return STEPS;
    }
    if (die < 73) {
      return REFUSED;
    }
    if (die < 79) {
      return CANCELLED;
    }
    if (die < 83) {
      return LATE;
    }
    if (die < 88) {
      return DELAYED;
    }
    if (die < 91) {
      return LARGE;
    }
    return die < 95 ? OVERRUN : SYNC;
  }

  JsonObject payload(RandomGenerator random, String id) {
    return switch (this) {
      case EVENTS ->
          new JsonObject()
              .put("count", 1 + random.nextInt(MOST_EVENTS))
              .put("pause_ms", random.nextInt(40))
              .put("every", 1 + random.nextInt(15));
      case QUICK, FLAKY, STEPS, REFUSED, CANCELLED, LATE, DELAYED, LARGE, OVERRUN, SYNC ->
          new JsonObject().put("id", id);
    };
  }

  JsonObject options() {
    return switch (this) {
      case DELAYED -> new JsonObject().put("delay_ms", 700);
      case LATE -> new JsonObject().put("deadline_ms", 1_500);
      case QUICK, EVENTS, FLAKY, STEPS, REFUSED, CANCELLED, LARGE, OVERRUN, SYNC ->
          new JsonObject();
    };
  }
}
