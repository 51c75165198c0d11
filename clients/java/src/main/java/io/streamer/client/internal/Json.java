package io.streamer.client.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads and writes frames, payloads and results. */
public final class Json {
  // how much there is to read is bounded by whoever brings it
  private static final ObjectMapper TREES =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          // numbers as they are written
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final ObjectMapper callers;

  public Json(@Nullable ObjectMapper callers) {
    this.callers =
        callers != null
            ? callers
            : JsonMapper.builder()
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                // as handlers' records are written
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
  }

  /** A frame, or null if it is no object. */
  public static @Nullable Frame frame(String text) {
    try {
      return TREES.readTree(text) instanceof ObjectNode object ? new Frame(object) : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Any JSON. */
  public static JsonNode tree(byte[] bytes) throws IOException {
    var read = TREES.readTree(bytes);
    if (read instanceof MissingNode) {
      throw new IOException("it is empty");
    }
    return read;
  }

  public static ObjectNode object() {
    return TREES.createObjectNode();
  }

  /** A frame of the client's own fields alone. */
  public static Text write(ObjectNode frame) {
    try {
      return Text.of(TREES.writeValueAsBytes(frame));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A frame with a payload, which may be of any type that the caller's mapper writes.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  public Text write(ObjectNode frame, @Nullable Object payload) {
    try {
      return Text.of(
          callers.writeValueAsBytes(
              payload == null ? frame : frame.deepCopy().putPOJO("payload", payload)));
    } catch (IOException e) {
      throw new IllegalArgumentException("the payload cannot be written: " + e.getMessage(), e);
    }
  }

  public <R> R to(Class<R> type, JsonNode value) throws JsonProcessingException {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    var read = callers.treeToValue(value.isMissingNode() ? NullNode.instance : value, type);
    if (read == null) {
      throw new JsonMappingException(null, "it is null");
    }
    return read;
  }

  /** What is sent, and how long it is. */
  public record Text(String text, int bytes) {
    private static Text of(byte[] utf8) throws CharacterCodingException {
      // half a character would reach the server as another one
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return new Text(text, utf8.length);
    }
  }
}
