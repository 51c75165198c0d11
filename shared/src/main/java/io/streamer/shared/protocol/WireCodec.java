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
import java.util.Optional;

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
      new FrameWriter(json, nowMs).write(frame, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /** A snapshot as the {@code data} of a response. */
  public static RawJson data(ServerFrame.Snapshot snapshot) {
    var out = new ByteArrayOutputStream(320);
    try (var json = JSON.createGenerator(out)) {
      new FrameWriter(json, 0).write(snapshot, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return RawJson.of(out.toByteArray());
  }

  /**
   * A job and its missed events as the {@code data} of a response.
   *
   * @param nowMs the {@code timestamp} of the events, in epoch milliseconds
   */
  public static RawJson data(ServerFrame.Attached attached, long nowMs) {
    var out = new ByteArrayOutputStream(320);
    try (var json = JSON.createGenerator(out)) {
      new FrameWriter(json, nowMs).write(attached);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return RawJson.of(out.toByteArray());
  }

  /**
   * A job's numbered frame, seen from outside.
   *
   * @param kind what is neither progress nor an end counts as an event: it must not be lost
   */
  public record Numbered(String jobId, long seq, ClientFrame.Kind kind) {}

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
        : Optional.of(new Numbered(jobId, seq, kind(type)));
  }

  private static ClientFrame.Kind kind(String type) {
    return switch (type) {
      case "progress" -> ClientFrame.Kind.PROGRESS;
      case "complete", "error" -> ClientFrame.Kind.TERMINAL;
      default -> ClientFrame.Kind.EVENT;
    };
  }

  static JsonParser parser(byte[] utf8) throws IOException {
    return JSON.createParser(utf8);
  }
}
