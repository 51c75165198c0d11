package io.streamer.emulator.fault;

import java.time.Duration;
import java.util.Locale;

/** What goes wrong; the groups say where it can. */
public sealed interface Fault {
  /** With a request to DynamoDB. */
  sealed interface OfStore extends Fault {}

  /** With records of the jobs table's stream. */
  sealed interface OfStream extends Fault {}

  /** With a call of a function. */
  sealed interface OfInvoke extends Fault {}

  /** With a frame on its way to the {@code @connections} API of either door. */
  sealed interface OfPush extends Fault {}

  /** With API Gateway's {@code $disconnect}, which AWS delivers on a best-effort basis. */
  sealed interface OfDisconnect extends Fault {}

  /** Refused as for want of capacity; DynamoDB and Lambda each in its own words. */
  record Throttle() implements OfStore, OfInvoke {}

  /** Answered with an internal error, 500; nothing is done. */
  record Fail() implements OfStore, OfInvoke {}

  /** From now on nothing that the rule concerns is answered, until the time is over. */
  record Pause(Duration time) implements OfStore {
    public Pause {
      positive(time);
    }
  }

  /** Done that much later. */
  record Delay(Duration time) implements OfStore, OfStream, OfInvoke, OfPush, OfDisconnect {
    public Delay {
      positive(time);
    }
  }

  /** Done, but the connection is closed in place of the answer. */
  record LoseAnswer() implements OfStore, OfStream, OfPush {}

  /** Never delivered. */
  record Drop() implements OfStream, OfDisconnect {}

  /** Delivered twice. */
  record Duplicate() implements OfStream, OfInvoke, OfDisconnect {}

  /** Delivered in another order than its neighbours. */
  record Reorder() implements OfStream {}

  /** Every open shard is closed and goes on as a new one. */
  record Split() implements OfStream {}

  /** Accepted, and never run. */
  record Lose() implements OfInvoke {}

  /** Answered with this status; nothing is sent. */
  record Status(int code) implements OfPush {
    public Status {
      if (code != 410 && code != 429 && (code < 500 || code > 599)) {
        throw new IllegalArgumentException("a push is answered with 410, 429 or 500 to 599");
      }
    }
  }

  /** The connection is closed, without a word. */
  record Cut() implements OfPush {}

  /** The process dies. */
  record Kill(WriteMoment moment) implements Fault {}

  /** The word for it in a plan's file and in counts. */
  default String word() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  private static void positive(Duration time) {
    if (!time.isPositive() || time.compareTo(When.LONGEST) > 0) {
      throw new IllegalArgumentException("a time is above zero, and at most 365d");
    }
  }
}
