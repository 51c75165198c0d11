package io.streamer.test.stage;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds DynamoDB Local, which its licence does not let us bring along. */
final class DynamoJars {
  private static final String FOLDER = "local/dynamodb-local/target/jars";

  private DynamoJars() {}

  /**
   * The jars it runs from: a repository's, or else every jar of the tests' class path but Logback.
   *
   * @param home a repository of Streamer
   * @throws IllegalStateException if neither has DynamoDB Local; it says what to add
   */
  static List<Path> find(Optional<Path> home, String classPath) {
    if (home.isPresent()) {
      var folder = home.get().resolve(FOLDER);
      if (!Files.isDirectory(folder)) {
        throw new IllegalStateException(
            "no folder "
                + folder
                + ": streamer.home or STREAMER_HOME names a repository of Streamer in which"
                + " ./streamer dev ran once");
      }
      return inFolder(folder);
    }
    var jars =
        Arrays.stream(classPath.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            // far from its settings, it would print all that DynamoDB Local debugs
            .filter(entry -> !entry.matches(".*[/\\\\]logback-[^/\\\\]*"))
            .map(entry -> Path.of(entry).toAbsolutePath().normalize())
            .toList();
    if (jars.stream().noneMatch(DynamoJars::isDynamo)) {
      throw new IllegalStateException(
          "DynamoDB Local is missing: add com.amazonaws:DynamoDBLocal to the tests' dependencies,"
              + " or name a built repository of Streamer in the system property streamer.home or"
              + " the variable STREAMER_HOME, or a folder with the jars in"
              + " StageExtension.dynamoDbLocal");
    }
    return jars;
  }

  /** The jars of a folder, in a fixed order: one list of jars is loaded once. */
  static List<Path> inFolder(Path folder) {
    var names = folder.toFile().list();
    var jars =
        Stream.of(names == null ? new String[0] : names)
            .filter(name -> name.endsWith(".jar"))
            .sorted()
            .map(name -> folder.toAbsolutePath().normalize().resolve(name))
            .toList();
    if (jars.stream().noneMatch(DynamoJars::isDynamo)) {
      throw new IllegalStateException("no DynamoDBLocal-*.jar in " + folder);
    }
    return jars;
  }

  private static boolean isDynamo(Path jar) {
    return jar.getFileName().toString().matches("DynamoDBLocal-.*\\.jar");
  }
}
