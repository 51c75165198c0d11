package io.streamer.test.stage;

import io.streamer.handler.RawJson;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.test.Outcome;
import java.util.List;
import java.util.Optional;

/** What a frame from the server says that a {@link StageClient} looks at. */
record ServerFrame(
    String type,
    Optional<String> requestId,
    Optional<String> jobId,
    Optional<Long> seq,
    Optional<Double> percentage,
    Optional<String> message,
    Optional<Integer> attempt,
    Optional<RawJson> data,
    Optional<RawJson> result,
    Optional<String> resultUrl,
    Optional<Problem> error) {

  record Problem(String code, String message, Optional<Details> details) {

    Reply.Failed failed(List<Progress> progress) {
      return new Reply.Failed(
          code,
          details.flatMap(Details::reason).orElse(""),
          message,
          details.flatMap(Details::fields).orElse(List.of()),
          progress);
    }
  }

  record Details(Optional<String> reason, Optional<List<Outcome.Field>> fields) {}

  /** The status of a job, inside the answer to a status frame. */
  record Status(String status) {}

  static ServerFrame of(String text) {
    return read(RawJson.of(text), ServerFrame.class);
  }

  static <T> T read(RawJson json, Class<T> type) {
    try {
      return type.cast(Payloads.bind(json, type));
    } catch (InvalidPayload e) {
      throw new AssertionError("the server sent what the protocol does not know: " + json, e);
    }
  }

  boolean is(String name) {
    return type.equals(name);
  }

  /** Whether nothing more is to come for its request. */
  boolean ends() {
    return is("response") || is("complete") || is("error") || is("pong");
  }
}
