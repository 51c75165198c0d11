package io.streamer.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A frame that waits for its answer. */
final class Ask {
  /** What comes of it. */
  interface Answered {
    void answered(Frame frame, Line line);
  }

  /**
   * How it is asked.
   *
   * @param safe once more does no harm
   * @param bound it belongs to one line: whoever makes the next one asks anew
   * @param waitMs milliseconds to wait for a line
   * @param answerMs milliseconds until the answer must be there
   */
  record Terms(boolean safe, boolean bound, long waitMs, long answerMs) {}

  final String id;
  final Json.Text text;
  final Terms terms;
  final Answered answered;
  final Consumer<Problem> failed;

  @Nullable Line line;
  int sent;
  boolean renewed;
  Loop.Timer timer = Loop.Timer.NONE;

  Ask(String id, Json.Text text, Terms terms, Answered answered, Consumer<Problem> failed) {
    this.id = id;
    this.text = text;
    this.terms = terms;
    this.answered = answered;
    this.failed = failed;
  }
}
