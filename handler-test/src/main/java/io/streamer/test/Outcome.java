package io.streamer.test;

import io.streamer.handler.RawJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a run ended. */
public sealed interface Outcome {

  /**
   * The handler returned.
   *
   * @param result the JSON object a client gets
   */
  record Completed(RawJson result) implements Outcome {

    /**
     * The result read into a record, as a client would.
     *
     * @throws AssertionError if it does not fit
     */
    public <T> T as(Class<T> type) {
      return TestEvent.read("the result", result, type);
    }
  }

  /** {@code PROCESSING_FAILED} at once: {@link io.streamer.handler.Failure#refused}. */
  record Refused(String reason, String message) implements Outcome {}

  /** {@code FORBIDDEN}: by the handler, or because the caller lacks what the action needs. */
  record Forbidden(String message) implements Outcome {}

  /**
   * A job is tried again while attempts are left: {@link io.streamer.handler.Failure#tryAgain}.
   *
   * @param after how long to wait at least, if the failure says so
   */
  record TryAgain(String reason, String message, Optional<Duration> after) implements Outcome {

    /** One that does not say when. */
    public TryAgain(String reason, String message) {
      this(reason, message, Optional.empty());
    }
  }

  /** {@code VALIDATION_ERROR}: the handler was not called. */
  record Invalid(List<Field> fields) implements Outcome {
    public Invalid {
      fields = List.copyOf(fields);
    }
  }

  /**
   * A field that breaks a rule.
   *
   * @param pointer JSON pointer into the request; "" is the request itself
   */
  record Field(String pointer, String message) {}

  /** At a checkpoint the time was up: the job goes on from there, in the same attempt. */
  record OutOfTime() implements Outcome {}

  /** The process was gone: the job goes on from its last checkpoint, in another attempt. */
  record Crashed() implements Outcome {}

  /**
   * {@code CANCELLED}, whatever the handler still came to.
   *
   * @param heeded whether it ended within 5 s of that; in production one that does not is abandoned
   */
  record Cancelled(boolean heeded) implements Outcome {}

  /**
   * {@code TIMEOUT}: the handler was interrupted.
   *
   * @param heeded whether it ended within 5 s of that; in production one that does not is abandoned
   */
  record TimedOut(Duration after, boolean heeded) implements Outcome {}

  /** Something unforeseen: {@code INTERNAL_ERROR} on the spot, another attempt for a job. */
  record Failed(Exception exception) implements Outcome {}

  /**
   * The outcome as the one most tests expect.
   *
   * @throws AssertionError saying what it was instead
   */
  default Completed completed() {
    return switch (this) {
      case Completed completed -> completed;
      case Failed failed ->
          throw new AssertionError("not completed: " + failed, failed.exception());
      case Refused _,
          Forbidden _,
          TryAgain _,
          Invalid _,
          OutOfTime _,
          Crashed _,
          Cancelled _,
          TimedOut _ ->
          throw new AssertionError("not completed: " + this);
    };
  }
}
