package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.testtools.Until;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of the files of a folder, and that the others are served whatever one does. */
@Timeout(60)
class LiveFilesTest {
  private static final List<String> ERRORS =
      List.of(
          "new NoClassDefFoundError(\"on purpose\")",
          "new ExceptionInInitializerError(new IllegalStateException(\"on purpose\"))",
          "new StackOverflowError(\"on purpose\")",
          "new LinkageError(\"on purpose\")",
          "new AssertionError(\"on purpose\")",
          "new OutOfMemoryError(\"on purpose\")",
          "new Error(\"on purpose\") { public Throwable getCause() { return this; } }",
          "new Error() { public String getMessage() { throw new Error(\"on purpose\"); } }",
          "new IllegalStateException(\"on purpose\")");

  /** Where a user's code may throw: all but the action's number and what is thrown. */
  private static final List<String> PLACES =
      List.of(
          """
          import io.streamer.handler.*;
          @Action("a%1$d")
          public final class H%1$d implements Handler<RawJson, String> {
            public H%1$d() { Throw.it(%2$s); }
            public String handle(RawJson request, Run run) { return ""; }
          }
          """,
          """
          import io.streamer.handler.*;
          @Action("a%1$d")
          public final class H%1$d implements Handler<RawJson, String> {
            static final int VALUE = Throw.it(%2$s);
            public String handle(RawJson request, Run run) { return ""; }
          }
          """,
          """
          import io.streamer.handler.*;
          public final class H%1$d implements HandlerModule {
            public H%1$d() { Throw.it(%2$s); }
            public void register(Handlers handlers, Config config) {}
          }
          """,
          """
          import io.streamer.handler.*;
          public final class H%1$d implements HandlerModule {
            static final int VALUE = Throw.it(%2$s);
            public void register(Handlers handlers, Config config) {}
          }
          """,
          """
          import io.streamer.handler.*;
          public final class H%1$d implements HandlerModule {
            public void register(Handlers handlers, Config config) { Throw.it(%2$s); }
          }
          """,
          """
          import io.streamer.handler.*;
          public record H%1$d(String value) implements HandlerModule {
            public H%1$d() { this(""); }
            public boolean equals(Object other) { return Throw.it(%2$s) > 0; }
            public int hashCode() { return 0; }
            public void register(Handlers handlers, Config config) {}
          }
          """);

  @Action("always")
  private static final class Always implements Handler<RawJson, String> {
    @Override
    public String handle(RawJson request, Run run) {
      return "always";
    }
  }

  private static final String THROW =
      """
      final class Throw {
        static int it(Throwable thrown) {
          Thread.currentThread().interrupt();
          Throw.<RuntimeException>sneakily(thrown);
          return 0;
        }
        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneakily(Throwable thrown) throws T {
          throw (T) thrown;
        }
      }
      """;

  @TempDir Path folder;
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Serving serving =
      new Serving(
          List.of((handlers, _) -> handlers.add(Always.class, Always::new)),
          name -> new EnvFile(folder.resolve(EnvFile.NAME)).find(name),
          Duration.ofSeconds(5));
  private LiveHandlers live;

  @AfterEach
  void close() throws IOException {
    live.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverAFileThrowsIsToldAndTheOthersAreServed(boolean fromTheStart) throws IOException {
    int saved = 0;
    if (!fromTheStart) {
      start();
    }
    // each of the errors, and each of the places, with several of the others
    while (saved < 2 * ERRORS.size()) {
      var place = PLACES.get(saved % PLACES.size());
      save(
          "H" + saved + ".java", place.formatted(saved, ERRORS.get(saved % ERRORS.size())) + THROW);
      saved++;
    }
    // behind all of them
    save("Last.java", greet("Last", "last", "\"hello\""));
    if (fromTheStart) {
      start();
    }

    served("last");
    for (int i = 0; i < saved; i++) {
      var file = "H" + i + ".java";
      // nobody asks a module whether it equals another
      var told = i % PLACES.size() == PLACES.size() - 1 ? 0 : 1;
      assertThat(errors).filteredOn(line -> line.contains(file)).as(file).hasSize(told);
    }
    assertThat(errors)
        .filteredOn(line -> line.contains("ExceptionInInitializerError"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("on purpose"));
    save("Last.java", greet("Last", "lastly", "\"hello\""));
    served("lastly");
  }

  @Test
  void aJarWhoseModuleCannotBeMadeIsToldWithTheReason() throws IOException {
    start();
    var classes = Files.createTempDirectory(folder.getParent(), "classes");
    var source = folder.getParent().resolve("Broken.java");
    Files.writeString(
        source,
        """
        import io.streamer.handler.*;
        public final class Broken implements HandlerModule {
          static final int VALUE = Integer.parseInt("on purpose");
          public void register(Handlers handlers, Config config) {}
        }
        """);
    var compiled =
        javax.tools.ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(compiled).isZero();
    jar(
        "broken.jar",
        Map.of(
            "Broken.class",
            Files.readAllBytes(classes.resolve("Broken.class")),
            "META-INF/services/io.streamer.handler.HandlerModule",
            "Broken\n".getBytes(UTF_8)));

    assertThat(error("Broken")).contains("could not be instantiated").contains("on purpose");
    save("Greet.java", greet("Greet", "greet", "\"hello\""));
    served("greet");
  }

  @Test
  void whatTheCompilerGivesUpIsToldInALine() throws IOException {
    start();
    save("Deep.java", greet("Deep", "deep", "\"\" + " + "(".repeat(20_000) + "1"));

    assertThat(error("Deep.java").lines()).hasSize(1);
    save("Greet.java", greet("Greet", "greet", "\"hello\""));
    served("greet");
  }

  @ParameterizedTest
  @CsvSource({"ISO-8859-1, grün, 0xfc", "ISO-8859-1, ÿ, 0xff", "windows-1252, 5 €, 0x80"})
  void aTextThatIsNotUtf8IsToldWithItsLineAndItsBytes(String charset, String text, String bytes)
      throws IOException {
    start();
    save(
        "Greet.java", greet("Greet", "greet", '"' + text + '"').getBytes(Charset.forName(charset)));

    assertThat(error("Greet.java"))
        .startsWith(folder.resolve("Greet.java") + ":6: ")
        .contains(bytes)
        .contains("UTF-8");
  }

  @Test
  void linesAreCountedAsEditorsDo() throws IOException {
    start();
    save("Mac.java", "\r\r\u00e4".getBytes(ISO_8859_1));
    save("Windows.java", "\r\n\r\n\r\n\u00e4".getBytes(ISO_8859_1));
    save("Cut.java", new byte[] {'\n', (byte) 0xe2, (byte) 0x82});
    save("Wide.java", "class Wide {}".getBytes(UTF_16));

    assertThat(error("Mac.java")).contains("Mac.java:3: ");
    assertThat(error("Windows.java")).contains("Windows.java:4: ");
    assertThat(error("Cut.java")).contains("Cut.java:2: ");
    assertThat(error("Wide.java")).contains("Wide.java:1: ").contains("UTF-16");
  }

  @Test
  void aBrokenFileIsToldOnceUntilItChanges() throws IOException {
    save("NoUtf8.java", greet("NoUtf8", "no_utf8", "\"\u00e4\"").getBytes(ISO_8859_1));
    save("Syntax.java", greet("Syntax", "syntax", "\"\" +"));
    save(
        "Fails.java",
        greet("Fails", "fails", "\"\"")
            .replace(
                "/*more*/",
                "Fails() { throw new IllegalStateException(\"at \" + System.nanoTime()); }"));
    save("First.java", greet("First", "taken", "\"\""));
    save("Second.java", greet("Second", "taken", "\"\""));
    start();
    for (int i = 1; i <= 3; i++) {
      save("Greet.java", greet("Greet", "greet" + i, "\"\""));
      served("greet" + i);
      jar("some.jar", Map.of("some.txt", new byte[i]));
      Until.matches("the jar", () -> changes.toString(), it -> it.contains("some.jar"));
      changes.clear();
    }
    assertThat(errors).hasSize(4);

    errors.clear();
    save("Syntax.java", greet("Syntax", "syntax", "\"\" + "));
    assertThat(error("Syntax.java")).contains("Syntax.java:6: ");
    save("First.java", greet("First", "free", "\"\""));
    Until.matches("the second", () -> changes.toString(), it -> it.contains("Second.java"));
    assertThat(errors).hasSize(1);
  }

  @Test
  void aTypeThatCannotBeBoundIsToldWithItsComponent() throws IOException {
    var types =
        List.of(
            "java.net.Socket",
            "java.util.List<java.net.Socket>",
            "java.util.Map<Integer, String>",
            "java.util.Map<String, java.net.Socket[]>",
            "java.util.List",
            "java.util.Optional<Thread>",
            "Inner");
    for (int i = 0; i < types.size(); i++) {
      save(
          "Odd" + i + ".java",
          """
          import io.streamer.handler.*;
          @Action("odd")
          public final class Odd%1$d implements Handler<Odd%1$d.Request, String> {
            public record Inner(Thread odd) {}
            public record Request(String name, %2$s odd) {}
            public String handle(Request request, Run run) { return ""; }
          }
          """
              .formatted(i, types.get(i)));
    }
    start();

    for (int i = 0; i < types.size(); i++) {
      var record = types.get(i).equals("Inner") ? "$Inner" : "$Request";
      assertThat(error("Odd" + i + ".java"))
          .contains("the action \"odd\" of Odd" + i + ": ")
          .contains("Odd" + i + record + ".odd: ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "json.jar, noted, two versions of one library",
    "jackson-core-2.15.0.jar, '', two versions of one library",
    "packed.jar, class, another version of it",
  })
  void aJarThatCannotBeBesideOursIsRefused(String name, String how, String words)
      throws IOException {
    start();
    jar(
        name,
        switch (how) {
          case "noted" ->
              Map.of(
                  "META-INF/maven/com.fasterxml.jackson.core/jackson-core/pom.properties",
                  "groupId=com.fasterxml.jackson.core\nartifactId=jackson-core\nversion=2.15.0\n"
                      .getBytes(UTF_8));
          case "class" ->
              Map.of("com/fasterxml/jackson/core/JsonFactory.class", new byte[] {1, 2, 3});
          default -> Map.of("some.txt", new byte[1]);
        });

    assertThat(error(name)).contains(words).contains("our jackson-core-2.").contains("relocate");

    save("Greet.java", greet("Greet", "greet", "\"hello\""));
    served("greet");
    assertThat(errors).hasSize(1);
    Files.delete(folder.resolve(name));
    jar("mine-2.15.0.jar", Map.of("mine/Mine.class", new byte[] {1, 2, 3}));
    Until.matches("the jar", () -> changes.toString(), it -> it.contains("mine-2.15.0.jar"));
    assertThat(errors).hasSize(1);
  }

  @Test
  void handlersAreMadeAnewWhenTheirSettingsAreSaved() throws IOException {
    save(".env", "WORDS=hello");
    save(
        "Greeting.java",
        """
        import io.streamer.handler.*;
        public final class Greeting implements HandlerModule {
          public void register(Handlers handlers, Config config) {
            if (config.get("WORDS").equals("hello")) {
              handlers.add(Hello.class, Hello::new);
            } else {
              handlers.add(Bye.class, Bye::new);
            }
          }
          @Action("hello")
          static final class Hello implements Handler<RawJson, String> {
            public String handle(RawJson request, Run run) { return ""; }
          }
          @Action("bye")
          static final class Bye implements Handler<RawJson, String> {
            public String handle(RawJson request, Run run) { return ""; }
          }
        }
        """);
    start();
    served("hello");

    save(".env", "WORDS=bye");
    served("bye");
    assertThat(serving.gateway().find("hello")).isEmpty();

    save(".env", "WORDS");
    assertThat(error(".env:1: ")).doesNotContain("WORDS");
    assertThat(serving.gateway().find("bye")).isPresent();
  }

  @Test
  void whatIsServedAlwaysGivesWayToAnActionOfItsName() throws IOException {
    save("Mine.java", greet("Mine", "always", "\"mine\""));
    start();
    assertThat(handlerOf("always")).isEqualTo("Mine");

    Files.delete(folder.resolve("Mine.java"));
    Until.matches("it is back", () -> handlerOf("always"), Always.class.getName()::equals);
    save("Mine.java", greet("Mine", "always", "\"mine again\""));
    Until.matches("mine is back", () -> handlerOf("always"), "Mine"::equals);
    assertThat(errors).isEmpty();
  }

  private String handlerOf(String action) {
    return serving.gateway().find(action).orElseThrow().handlerClass();
  }

  private void start() throws IOException {
    live =
        new LiveHandlers(
            folder,
            LiveFilesTest.class.getClassLoader(),
            jackson(),
            serving,
            new LiveHandlers.Listener(changes::add, errors::add));
    live.follow(_ -> {});
  }

  private static List<Path> jackson() {
    return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .map(Path::of)
        .filter(jar -> jar.getFileName().toString().startsWith("jackson-core-2."))
        .toList();
  }

  private void served(String action) {
    Until.matches(
        action + " is served",
        () -> serving.gateway().find(action).isPresent(),
        Boolean.TRUE::equals);
  }

  private String error(String file) {
    return Until.matches(
        "an error of " + file,
        () -> errors.stream().filter(line -> line.contains(file)).findFirst().orElse(""),
        line -> !line.isEmpty());
  }

  private void save(String name, String text) throws IOException {
    save(name, text.getBytes(UTF_8));
  }

  private void save(String name, byte[] bytes) throws IOException {
    var next = Files.write(folder.resolve(name + "~"), bytes);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void jar(String name, Map<String, byte[]> files) throws IOException {
    var next = folder.resolve(name + "~");
    try (var out = new ZipOutputStream(Files.newOutputStream(next))) {
      for (var file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
        out.closeEntry();
      }
    }
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String greet(String type, String action, String text) {
    return """
    import io.streamer.handler.*;
    @Action("%s")
    public final class %s implements Handler<RawJson, String> {
      /*more*/
      public String handle(RawJson request, Run run) {
        return %s;
      }
    }
    """
        .formatted(action, type, text);
  }
}
