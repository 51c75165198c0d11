package io.streamer.shared.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.streamer.handler.RawJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Frames to and from UTF-8 JSON. A payload or result is never parsed into a tree: it is passed on
 * byte for byte.
 */
public final class WireCodec {
  /** Writes only: what is read is not given to it, whose tables of names outlive the text. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
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
    var response = frame instanceof ServerFrame.Response it ? ResponseBytes.of(it, nowMs) : null;
    return response != null ? response : bytes(json -> new FrameWriter(json, nowMs).write(frame));
  }

  /** A snapshot as the {@code data} of a response. */
  public static RawJson data(ServerFrame.Snapshot snapshot) {
    return RawJson.of(bytes(json -> new FrameWriter(json, 0).write(snapshot)));
  }

  /**
   * A job and its missed events as the {@code data} of a response.
   *
   * @param nowMs the {@code timestamp} of the events, in epoch milliseconds
   */
  public static RawJson data(ServerFrame.Attached attached, long nowMs) {
    return RawJson.of(
        bytes(json -> {
          new FrameWriter(json, nowMs).write(attached);
          return null;
        }));
  }

  /** Writes all but what is passed on. */
  @FunctionalInterface
  private interface Writing {
    FrameWriter.@Nullable Tail write(JsonGenerator json) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    var out = new ExactBytes();
    FrameWriter.Tail tail;
    try (var json = JSON.createGenerator(out)) {
      tail = writing.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    if (tail == null) {
      return out.bytes();
    }
    var name = ",\"" + tail.name() + "\":";
    return out.followedBy(
        name.getBytes(StandardCharsets.UTF_8), tail.value().utf8(), new byte[] {'}'});
  }

  /**
   * What is numbered in a frame that a server wrote; empty for frames outside a job. What stands
   * behind its type, job and number is not looked at: in frames of ours that is all that is long.
   */
  public static Optional<Numbered> numbered(byte[] frame) {
    return NumberReader.read(frame);
  }
}
