package io.streamer.shared.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.streamer.handler.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Frames to and from UTF-8 JSON. A payload or result is never parsed into a tree: it is passed on
 * byte for byte.
 */
public final class WireCodec {
  /** How deep a frame may nest: a payload's 500 levels below the envelope. */
  private static final int MAX_DEPTH = 501;

  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  // bounded by the size of a message; a payload's digits are nobody's business here
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // names come from clients: remembered in bounds, but not for the life of the process
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build()
          .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);

  private WireCodec() {}

  /** Reads a client's frame; whatever is wrong with it is a value, never an exception. */
  public static Decoded read(byte[] utf8) {
    return new FrameReader(utf8).read();
  }

  /**
   * Writes a frame.
   *
   * @param nowMs the frame's {@code timestamp}, in epoch milliseconds
   */
  public static byte[] write(ServerFrame frame, long nowMs) {
    var out = new ByteArrayOutputStream(320);
    try (var json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", type(frame));
      writeTime(json, "timestamp", nowMs);
      var tail = writeFields(json, frame);
      end(json, out, tail);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /** A snapshot as the {@code data} of a response. */
  public static RawJson data(ServerFrame.Snapshot snapshot) {
    var out = new ByteArrayOutputStream(320);
    try (var json = JSON.createGenerator(out)) {
      json.writeStartObject();
      writeSnapshotFields(json, snapshot);
      if (snapshot.error() != null) {
        writeProblem(json, snapshot.error());
      }
      var result = snapshot.result();
      end(json, out, result == null ? null : writeResult(json, result));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return RawJson.of(out.toByteArray());
  }

  /**
   * A job's numbered frame, seen from outside.
   *
   * @param terminal whether it ends the job
   */
  public record Numbered(String jobId, long seq, boolean terminal) {}

  /** What is numbered in a frame that a server wrote; empty for frames outside a job. */
  public static Optional<Numbered> numbered(byte[] frame) {
    String jobId = null;
    String type = "";
    long seq = -1;
    try (var json = JSON.createParser(frame)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var name = json.currentName();
        var token = json.nextToken();
        switch (name) {
          case "type" -> type = token == JsonToken.VALUE_STRING ? json.getText() : "";
          case "job_id" -> jobId = token == JsonToken.VALUE_STRING ? json.getText() : null;
          case "seq" -> seq = token == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
          default -> json.skipChildren();
        }
      }
    } catch (IOException _) {
      return Optional.empty();
    }
    return jobId == null || seq < 0
        ? Optional.empty()
        : Optional.of(new Numbered(jobId, seq, type.equals("complete") || type.equals("error")));
  }

  private static String type(ServerFrame frame) {
    return switch (frame) {
      case ServerFrame.Response _ -> "response";
      case ServerFrame.Acknowledgment _ -> "acknowledgment";
      case ServerFrame.Progress _ -> "progress";
      case ServerFrame.Complete _ -> "complete";
      case ServerFrame.ErrorFrame _ -> "error";
      case ServerFrame.Welcome _ -> "welcome";
      case ServerFrame.Pong _ -> "pong";
      case ServerFrame.Goaway _ -> "goaway";
    };
  }

  /** One JSON value that ends a frame, appended as it is. */
  private record Tail(String name, RawJson value) {}

  private static @Nullable Tail writeFields(JsonGenerator json, ServerFrame frame)
      throws IOException {
    switch (frame) {
      case ServerFrame.Response response -> {
        writeIfKnown(json, "request_id", response.requestId());
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
          writeSnapshotFields(json, ack.snapshot());
          json.writeEndObject();
        }
      }
      case ServerFrame.Progress progress -> {
        writeNumbered(json, progress.requestId(), progress.jobId(), progress.seq());
        writePercentage(json, progress.percentage());
        json.writeStringField("message", progress.message());
        json.writeNumberField("attempt", progress.attempt());
        writeMetadata(json, progress.metadata());
      }
      case ServerFrame.Complete complete -> {
        writeNumbered(json, complete.requestId(), complete.jobId(), complete.seq());
        json.writeBooleanField("success", true);
        writeMetadata(json, complete.metadata());
        return writeResult(json, complete.result());
      }
      case ServerFrame.ErrorFrame error -> {
        writeIfKnown(json, "request_id", error.requestId());
        writeIfKnown(json, "job_id", error.jobId());
        if (error.seq() != null) {
          json.writeNumberField("seq", error.seq());
        }
        writeProblem(json, error.problem());
      }
      case ServerFrame.Welcome welcome -> {
        writeIfKnown(json, "request_id", welcome.requestId());
        json.writeStringField("session", welcome.session());
        json.writeBooleanField("recovered", welcome.recovered());
        writeAttached(json, welcome.jobs());
        json.writeNumberField("heartbeat_ms", welcome.heartbeatMs());
        json.writeNumberField("max_age_ms", welcome.maxAgeMs());
        json.writeNumberField("max_message_bytes", welcome.maxMessageBytes());
        json.writeStringField("server", welcome.server());
      }
      case ServerFrame.Pong pong -> writeIfKnown(json, "request_id", pong.requestId());
      case ServerFrame.Goaway goaway -> {
        json.writeStringField("reason", goaway.reason());
        json.writeNumberField("reconnect_in_ms", goaway.reconnectInMs());
      }
    }
    return null;
  }

  private static @Nullable Tail writeResult(JsonGenerator json, ServerFrame.Result result)
      throws IOException {
    return switch (result) {
      case ServerFrame.Result.Inline(var value) -> new Tail("result", value);
      case ServerFrame.Result.At(var url) -> {
        json.writeStringField("result_url", url);
        yield null;
      }
    };
  }

  private static void end(JsonGenerator json, ByteArrayOutputStream out, @Nullable Tail tail)
      throws IOException {
    if (tail == null) {
      json.writeEndObject();
      return;
    }
    // past the generator, so that the value is neither parsed nor copied through a String
    json.flush();
    out.writeBytes((",\"" + tail.name() + "\":").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(tail.value().utf8());
    out.write('}');
  }

  private static void writeNumbered(JsonGenerator json, String requestId, String jobId, long seq)
      throws IOException {
    json.writeStringField("request_id", requestId);
    json.writeStringField("job_id", jobId);
    json.writeNumberField("seq", seq);
  }

  private static void writeAttached(JsonGenerator json, List<ServerFrame.Attached> jobs)
      throws IOException {
    json.writeArrayFieldStart("jobs");
    for (var job : jobs) {
      json.writeStartObject();
      json.writeObjectFieldStart("snapshot");
      writeSnapshotFields(json, job.snapshot());
      json.writeEndObject();
      json.writeArrayFieldStart("events");
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeSnapshotFields(JsonGenerator json, ServerFrame.Snapshot snapshot)
      throws IOException {
    json.writeStringField("job_id", snapshot.jobId());
    json.writeStringField("request_id", snapshot.requestId());
    json.writeStringField("action", snapshot.action());
    json.writeStringField("status", snapshot.status());
    writePercentage(json, snapshot.percentage());
    json.writeStringField("message", snapshot.message());
    json.writeNumberField("seq", snapshot.seq());
    json.writeNumberField("attempt", snapshot.attempt());
    writeTime(json, "created_at", snapshot.createdAt());
  }

  private static void writeProblem(JsonGenerator json, Problem problem) throws IOException {
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
        json.writeStringField(detail.getKey(), detail.getValue());
      }
      json.writeEndObject();
    }
    json.writeBooleanField("retryable", problem.code().retryable());
    if (problem.retryAfterMs() != null) {
      json.writeNumberField("retry_after_ms", problem.retryAfterMs());
    }
    json.writeEndObject();
  }

  private static void writeMetadata(JsonGenerator json, Map<String, String> metadata)
      throws IOException {
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
  private static void writePercentage(JsonGenerator json, double percentage) throws IOException {
    long hundredths = Math.round(percentage * 100);
    json.writeFieldName("percentage");
    if (hundredths % 100 == 0) {
      json.writeNumber(hundredths / 100);
    } else {
      json.writeNumber(java.math.BigDecimal.valueOf(hundredths, 2).stripTrailingZeros());
    }
  }

  /** Unix seconds with a fraction of milliseconds. */
  private static void writeTime(JsonGenerator json, String name, long epochMs) throws IOException {
    json.writeFieldName(name);
    json.writeNumber(java.math.BigDecimal.valueOf(epochMs, 3));
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  static JsonParser parser(byte[] utf8) throws IOException {
    return JSON.createParser(utf8);
  }
}
