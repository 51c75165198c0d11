package io.streamer.test.stage;

import io.streamer.handler.RawJson;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.test.Outcome;
import java.util.List;

/** How a request ended for its client, on the spot or as a job. */
public sealed interface Reply {

  /** What the client heard on the way, oldest first; empty if it was answered on the spot. */
  List<Progress> progress();

  /**
   * It succeeded.
   *
   * @param result the JSON object the handler's result became, fetched if it came as a URL
   */
  record Answered(RawJson result, List<Progress> progress) implements Reply {
    public Answered {
      progress = List.copyOf(progress);
    }

    /**
     * The result read into a record.
     *
     * @throws AssertionError if it does not fit
     */
    public <T> T as(Class<T> type) {
      try {
        return type.cast(Payloads.bind(result, type));
      } catch (InvalidPayload e) {
        throw new AssertionError(
            "no " + type.getSimpleName() + ": " + e.getMessage() + " in " + result, e);
      }
    }
  }

  /**
   * It failed.
   *
   * @param code one of the protocol's error codes
   * @param reason the handler's own word for it; "" if it gave none
   * @param fields what breaks which rule, if the code is {@code VALIDATION_ERROR}
   */
  record Failed(
      String code,
      String reason,
      String message,
      List<Outcome.Field> fields,
      List<Progress> progress)
      implements Reply {
    public Failed {
      fields = List.copyOf(fields);
      progress = List.copyOf(progress);
    }
  }

  /**
   * The reply as the one most tests expect.
   *
   * @throws AssertionError saying what it was instead
   */
  default Answered answered() {
    return switch (this) {
      case Answered answered -> answered;
      case Failed _ -> throw new AssertionError("not answered: " + this);
    };
  }

  /**
   * The reply as a failure.
   *
   * @throws AssertionError saying what it was instead
   */
  default Failed failed() {
    return switch (this) {
      case Failed failed -> failed;
      case Answered _ -> throw new AssertionError("not failed: " + this);
    };
  }
}
