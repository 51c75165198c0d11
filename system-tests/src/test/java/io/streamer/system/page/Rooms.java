package io.streamer.system.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packages of what runs, as a part of a page: what each is for, and its classes. */
final class Rooms {
  static final String HEADING = "## Rooms\n";

  private static final List<String> MODULES =
      List.of("handler", "shared", "gateway", "worker-lambda", "emulator", "local", "cli");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final String INFO = "package-info.java";
  private static final Pattern SAID = Pattern.compile("(?s)/\\*\\*(.*?)(?:\n \\* *\n.*?)?\\*/");

  private Rooms() {}

  static String text() throws IOException {
    var text = new StringBuilder(HEADING);
    text.append("\nEach package of what runs, and its classes; this part is made from the code.\n");
    text.append("\n| package | what is in it | classes |\n| --- | --- | --- |\n");
    for (var module : MODULES) {
      var sources = Path.of("..", module).resolve(SOURCES);
      for (var room : rooms(sources)) {
        text.append(
            "| `%s` | %s | %s |\n".formatted(name(sources, room), said(room), classes(room)));
      }
    }
    return text.toString();
  }

  private static List<Path> rooms(Path sources) throws IOException {
    try (var files = Files.walk(sources)) {
      return files.filter(file -> file.endsWith(INFO)).map(Path::getParent).sorted().toList();
    }
  }

  private static String name(Path sources, Path room) {
    return sources.resolve("io/streamer").relativize(room).toString().replace('/', '.');
  }

  /** The first paragraph of a package's Javadoc. */
  private static String said(Path room) throws IOException {
    var javadoc = SAID.matcher(Files.readString(room.resolve(INFO)));
    if (!javadoc.find()) {
      throw new IOException(room + " does not say what it is for");
    }
    return javadoc
        .group(1)
        .replaceAll("\n \\*", " ")
        .replaceAll("<p>.*", "")
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@\\w+ (?:[a-z]+\\.)*([^}]+)}", "`$1`")
        .strip();
  }

  private static String classes(Path room) throws IOException {
    try (Stream<Path> files = Files.list(room)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".java") && !file.equals(INFO))
          .map(file -> file.substring(0, file.length() - ".java".length()))
          .sorted()
          .map(name -> "`" + name + "`")
          .collect(Collectors.joining(", "));
    }
  }
}
