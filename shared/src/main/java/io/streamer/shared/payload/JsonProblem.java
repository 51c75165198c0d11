package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** What is wrong with a text that should be JSON, for whoever wrote it. */
public final class JsonProblem {
  private static final Pattern SOURCE =
      Pattern.compile("\\[Source: [^;]*; line: (\\d+), column: (\\d+)]");

  private JsonProblem() {}

  /** The parser's words without its settings. */
  public static String of(JsonProcessingException problem) {
    return SOURCE.matcher(problem.getOriginalMessage()).replaceAll("line $1, column $2");
  }
}
