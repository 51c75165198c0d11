package io.streamer.cli.option;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.streamer.shared.payload.JsonProblem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What {@code --payload} means: JSON, {@code @} and a file of it, or {@code -}. */
public final class PayloadText {
  private static final int MOST_BYTES = 1 << 20;

  private PayloadText() {}

  /**
   * The JSON text, untouched.
   *
   * @throws ParameterException if it cannot be read or is no JSON
   */
  public static String read(CommandLine command, String option) {
    var text = text(command, option);
    try {
      Json.decodeValue(text);
      return text;
    } catch (DecodeException e) {
      throw new ParameterException(command, "--payload is no JSON: " + problem(e));
    }
  }

  private static String text(CommandLine command, String option) {
    try {
      if (option.equals("-")) {
        return bounded(command, System.in);
      }
      if (option.startsWith("@")) {
        try (var file = Files.newInputStream(Path.of(option.substring(1)))) {
          return bounded(command, file);
        }
      }
      return option;
    } catch (CharacterCodingException e) {
      throw new ParameterException(command, "--payload " + option + " is not UTF-8", e);
    } catch (IOException e) {
      throw new ParameterException(command, "--payload: cannot read " + option, e);
    }
  }

  private static String bounded(CommandLine command, InputStream in) throws IOException {
    var bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new ParameterException(command, "--payload is over " + MOST_BYTES + " bytes");
    }
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static String problem(DecodeException e) {
    return e.getCause() instanceof JsonProcessingException cause
        ? JsonProblem.of(cause)
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("it cannot be read");
  }
}
