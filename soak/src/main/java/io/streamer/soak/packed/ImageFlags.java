package io.streamer.soak.packed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What an image's entry point passes to the JVM, as the Dockerfile has it. */
public final class ImageFlags {
  private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"");

  private ImageFlags() {}

  /**
   * The flags, but for the class path, the AOT cache and the main class.
   *
   * @param home the repository
   * @param target the image's name in the Dockerfile
   * @throws IOException if the Dockerfile has no such entry point
   */
  public static List<String> of(Path home, String target) throws IOException {
    var entrypoint =
        Pattern.compile(
                "FROM runtime AS " + target + "\\n.*?\\nENTRYPOINT \\[([^\\]]*)\\]", Pattern.DOTALL)
            .matcher(Files.readString(home.resolve("Dockerfile"), UTF_8));
    if (!entrypoint.find()) {
      throw new IOException("the Dockerfile has no entry point of " + target);
    }
    return ARGUMENT
        .matcher(entrypoint.group(1))
        .results()
        .map(argument -> argument.group(1))
        .filter(argument -> argument.startsWith("-") && !argument.startsWith("-XX:AOTCache="))
        .toList();
  }
}
