package io.streamer.shared.job;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.WireText;
import java.util.TreeMap;

/** How a run ended. */
public sealed interface Outcome {

  /** It did what was asked. */
  record Succeeded(Result result) implements Outcome {

    /** With a result that fits a frame. */
    public Succeeded(RawJson result) {
      this(new Result.Inline(result));
    }
  }

  /**
   * The problem is cut to bounds, for the row that keeps it; send and store this one, so that both
   * say the same.
   */
  record Failed(Problem problem) implements Outcome {
    private static final int MESSAGE_CHARS = 1_000;
    private static final int FIELDS = 20;
    private static final int DETAILS = 16;
    private static final int DETAIL_CHARS = 256;

    public Failed {
      var details = new TreeMap<String, String>();
      new TreeMap<>(problem.details())
          .entrySet().stream()
              .limit(DETAILS)
              .forEach(detail ->
                  details.put(
                      WireText.said(detail.getKey(), DETAIL_CHARS),
                      WireText.said(detail.getValue(), DETAIL_CHARS)));
      var fields =
          problem.fields().stream()
              .limit(FIELDS)
              .map(field ->
                  new FieldError(
                      WireText.said(field.pointer(), DETAIL_CHARS),
                      WireText.said(field.message(), DETAIL_CHARS)))
              .toList();
      problem =
          new Problem(
              problem.code(),
              WireText.said(problem.message(), MESSAGE_CHARS),
              fields,
              details,
              problem.retryAfterMs());
    }

    /** What its handler meant for the client. */
    public static Failed of(Failure failure) {
      return new Failed(
          switch (failure.kind()) {
            case FORBIDDEN -> Problem.of(ErrorCode.FORBIDDEN, failure.getMessage());
            case REFUSED, TRY_AGAIN ->
                Problem.of(ErrorCode.PROCESSING_FAILED, failure.getMessage())
                    .with("reason", failure.reason());
          });
    }
  }
}
