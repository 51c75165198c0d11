package io.streamer.shared.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.streamer.handler.RawJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one frame. What is passed on goes out byte for byte, unread. */
final class FrameWriter {
  private final JsonGenerator json;
  private final long nowMs;

  /**
   * @param nowMs the frame's {@code timestamp}
   */
  FrameWriter(JsonGenerator json, long nowMs) {
    this.json = json;
    this.nowMs = nowMs;
  }

  /** Writes a frame; what is passed on comes back, to be its end. */
  @Nullable Tail write(ServerFrame frame) throws IOException {
    json.writeStartObject();
    return ended(begin(frame));
  }

  /** Writes a snapshot with its outcome, as one object; what is passed on comes back. */
  @Nullable Tail write(ServerFrame.Snapshot snapshot) throws IOException {
    json.writeStartObject();
    writeSnapshotFields(snapshot);
    if (snapshot.error() != null) {
      writeProblem(snapshot.error());
    }
    var result = snapshot.result();
    return ended(result == null ? null : writeResult(result));
  }

  private @Nullable Tail ended(@Nullable Tail tail) throws IOException {
    if (tail == null) {
      json.writeEndObject();
    }
    return tail;
  }

  private @Nullable Tail begin(ServerFrame frame) throws IOException {
    json.writeStringField("type", type(frame));
    writeTime("timestamp", nowMs);
    return writeFields(frame);
  }

  private static String type(ServerFrame frame) {
    return switch (frame) {
      case ServerFrame.Response _ -> "response";
      case ServerFrame.Acknowledgment _ -> "acknowledgment";
      case ServerFrame.Progress _ -> "progress";
      case ServerFrame.Event _ -> "event";
      case ServerFrame.Rewind _ -> "rewind";
      case ServerFrame.Complete _ -> "complete";
      case ServerFrame.ErrorFrame _ -> "error";
      case ServerFrame.Welcome _ -> "welcome";
      case ServerFrame.Pong _ -> "pong";
      case ServerFrame.Goaway _ -> "goaway";
    };
  }

  /** One JSON value that ends a frame, appended as it is: neither parsed nor copied before. */
  record Tail(String name, RawJson value) {}

  private @Nullable Tail writeFields(ServerFrame frame) throws IOException {
    switch (frame) {
      case ServerFrame.Response response -> {
        writeIfKnown("request_id", response.requestId());
        json.writeBooleanField("success", true);
        return new Tail("data", response.data());
      }
      case ServerFrame.Acknowledgment ack -> {
        json.writeStringField("request_id", ack.requestId());
        json.writeStringField("job_id", ack.jobId());
        json.writeStringField("status", ack.status().name().toLowerCase(Locale.ROOT));
        json.writeStringField("message", ack.message());
        if (ack.snapshot() != null) {
          json.writeObjectFieldStart("snapshot");
          writeSnapshotFields(ack.snapshot());
          json.writeEndObject();
        }
      }
      case ServerFrame.Progress progress -> {
        writeNumbered(progress.requestId(), progress.jobId(), progress.seq());
        writePercentage(progress.percentage());
        json.writeStringField("message", progress.message());
        json.writeNumberField("attempt", progress.attempt());
        writeMetadata(progress.metadata());
      }
      case ServerFrame.Event event -> {
        writeNumbered(event.requestId(), event.jobId(), event.seq());
        json.writeStringField("name", event.name());
        return new Tail("data", event.data());
      }
      case ServerFrame.Rewind rewind -> {
        writeNumbered(rewind.requestId(), rewind.jobId(), rewind.seq());
        json.writeNumberField("after_seq", rewind.afterSeq());
      }
      case ServerFrame.Complete complete -> {
        writeNumbered(complete.requestId(), complete.jobId(), complete.seq());
        json.writeBooleanField("success", true);
        writeMetadata(complete.metadata());
        return writeResult(complete.result());
      }
      case ServerFrame.ErrorFrame error -> {
        writeIfKnown("request_id", error.requestId());
        writeIfKnown("job_id", error.jobId());
        if (error.seq() != null) {
          json.writeNumberField("seq", error.seq());
        }
        writeProblem(error.problem());
      }
      case ServerFrame.Welcome welcome -> {
        writeIfKnown("request_id", welcome.requestId());
        json.writeStringField("session", welcome.session());
        json.writeBooleanField("recovered", welcome.recovered());
        writeAttached(welcome.jobs());
        json.writeNumberField("heartbeat_ms", welcome.heartbeatMs());
        json.writeNumberField("max_age_ms", welcome.maxAgeMs());
        json.writeNumberField("max_message_bytes", welcome.maxMessageBytes());
        if (welcome.maxFrameBytes() != null) {
          json.writeNumberField("max_frame_bytes", welcome.maxFrameBytes());
        }
        json.writeStringField("server", welcome.server());
      }
      case ServerFrame.Pong pong -> writeIfKnown("request_id", pong.requestId());
      case ServerFrame.Goaway goaway -> {
        json.writeStringField("reason", goaway.reason());
        json.writeNumberField("reconnect_in_ms", goaway.reconnectInMs());
      }
    }
    return null;
  }

  private @Nullable Tail writeResult(ServerFrame.Result result) throws IOException {
    return switch (result) {
      case ServerFrame.Result.Inline(var value) -> new Tail("result", value);
      case ServerFrame.Result.At(var url) -> {
        json.writeStringField("result_url", url);
        yield null;
      }
    };
  }

  private void writeNumbered(String requestId, String jobId, long seq) throws IOException {
    json.writeStringField("request_id", requestId);
    json.writeStringField("job_id", jobId);
    json.writeNumberField("seq", seq);
  }

  private void writeAttached(List<ServerFrame.Attached> jobs) throws IOException {
    json.writeArrayFieldStart("jobs");
    for (var job : jobs) {
      write(job);
    }
    json.writeEndArray();
  }

  /** A job and its missed events, as one object. */
  void write(ServerFrame.Attached job) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("snapshot");
    writeSnapshotFields(job.snapshot());
    json.writeEndObject();
    json.writeArrayFieldStart("events");
    for (var event : job.events()) {
      json.writeStartObject();
      var tail = begin(event);
      if (tail != null) {
        json.writeFieldName(tail.name());
        json.writeRawValue(tail.value().toString());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    if (job.next() != null) {
      json.writeNumberField("next", job.next());
    }
    json.writeEndObject();
  }

  private void writeSnapshotFields(ServerFrame.Snapshot snapshot) throws IOException {
    json.writeStringField("job_id", snapshot.jobId());
    json.writeStringField("request_id", snapshot.requestId());
    json.writeStringField("action", snapshot.action());
    json.writeStringField("status", snapshot.status());
    writePercentage(snapshot.percentage());
    json.writeStringField("message", snapshot.message());
    json.writeNumberField("seq", snapshot.seq());
    json.writeNumberField("attempt", snapshot.attempt());
    writeTime("created_at", snapshot.createdAt());
  }

  private void writeProblem(Problem problem) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("code", problem.code().name());
    json.writeStringField("message", problem.message());
    if (!problem.fields().isEmpty() || !problem.details().isEmpty()) {
      json.writeObjectFieldStart("details");
      if (!problem.fields().isEmpty()) {
        json.writeArrayFieldStart("fields");
        for (var field : problem.fields()) {
          json.writeStartObject();
          json.writeStringField("pointer", field.pointer());
          json.writeStringField("message", field.message());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      for (var detail : problem.details().entrySet()) {
        if (detail.getKey().equals(Problem.MAY_HAVE_STARTED)) {
          json.writeBooleanField(detail.getKey(), Boolean.parseBoolean(detail.getValue()));
        } else {
          json.writeStringField(detail.getKey(), detail.getValue());
        }
      }
      json.writeEndObject();
    }
    json.writeBooleanField("retryable", problem.code().retryable());
    if (problem.retryAfterMs() != null) {
      json.writeNumberField("retry_after_ms", problem.retryAfterMs());
    }
    json.writeEndObject();
  }

  private void writeMetadata(Map<String, String> metadata) throws IOException {
    if (metadata.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("metadata");
    for (var entry : metadata.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  /** At most two decimals: more is noise on a bar. */
  private void writePercentage(double percentage) throws IOException {
    long hundredths = Math.round(percentage * 100);
    json.writeFieldName("percentage");
    if (hundredths % 100 == 0) {
      json.writeNumber(hundredths / 100);
    } else {
      json.writeNumber(BigDecimal.valueOf(hundredths, 2).stripTrailingZeros());
    }
  }

  /** Unix seconds with a fraction of milliseconds. */
  private void writeTime(String name, long epochMs) throws IOException {
    json.writeFieldName(name);
    json.writeNumber(BigDecimal.valueOf(epochMs, 3));
  }

  private void writeIfKnown(String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
