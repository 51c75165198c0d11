package io.streamer.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder that was meant where a folder without handlers was named. */
final class Elsewhere {
  private static final String POM = "pom.xml";
  private static final int DEPTH = 4;
  private static final int MOST_FILES = 10_000;

  /** Above them the project is meant whose folder they are. */
  private static final List<String> OF_PROJECT = List.of("src", "target");

  private Elsewhere() {}

  /** The project that the folder is in, or the nearest folder in it that has handlers. */
  static Optional<Path> than(Path folder) {
    return project(folder.toAbsolutePath().normalize())
        .or(() -> gradleBuild(folder))
        .or(() -> below(folder));
  }

  private static Optional<Path> project(Path folder) {
    return Stream.iterate(folder, Objects::nonNull, Path::getParent)
        .filter(at -> OF_PROJECT.contains(String.valueOf(at.getFileName())))
        .flatMap(at -> Stream.ofNullable(at.getParent()))
        .filter(above -> Files.isRegularFile(above.resolve(POM)))
        .findFirst();
  }

  private static Optional<Path> gradleBuild(Path folder) {
    return Stream.of("build.gradle.kts", "build.gradle")
            .anyMatch(name -> Files.isRegularFile(folder.resolve(name)))
        ? Optional.of(folder.resolve("build/handlers"))
        : Optional.empty();
  }

  private static Optional<Path> below(Path folder) {
    try (var files = Files.walk(folder, DEPTH)) {
      return files
          .limit(MOST_FILES)
          .filter(Elsewhere::isServed)
          .min(Comparator.comparingInt(Path::getNameCount).thenComparing(Comparator.naturalOrder()))
          .map(Path::getParent);
    } catch (IOException | UncheckedIOException _) {
      // nothing that could be read
      return Optional.empty();
    }
  }

  private static boolean isServed(Path file) {
    var name = file.getFileName().toString();
    return name.equals(POM) || name.endsWith(".jar") || name.endsWith(".java");
  }
}
