package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.settings.Environment;
import io.streamer.testtools.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project that is served from its sources; its Maven is a script that says what it depends on.
 */
@Timeout(60)
class ProjectTest {
  private static final String PLAIN = "<project/>";

  @TempDir Path project;
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Serving serving =
      new Serving(List.of(), new Environment(Map.of()), Duration.ofSeconds(5));
  private LiveHandlers live;

  @BeforeEach
  void layOut() throws IOException {
    save("pom.xml", PLAIN);
    maven("cp dependencies \"$file\"");
    save(
        "dependencies",
        """

        The following files have been resolved:
           io.streamer:streamer-handler:jar:0.1.0:provided:%s -- module io.streamer.handler
           org.junit:junit:jar:6:test:/nowhere/junit.jar
        """
            .formatted(handlerClasses()));
    save("src/main/resources/META-INF/services/io.streamer.handler.HandlerModule", "shop.Shop");
    save("src/main/java/shop/Greet.java", greet("hello"));
    save("src/main/java/shop/Shop.java", shop("Greet"));
  }

  @AfterEach
  void close() throws IOException {
    if (live != null) {
      live.close();
    }
    serving.close();
  }

  @Test
  void itsSourcesAreServedAndWhatIsSavedAfterwardsToo() throws Exception {
    start();
    assertThat(errors).isEmpty();
    served("greet", true);

    save(
        "src/main/java/shop/Wave.java",
        greet("bye").replace("Greet", "Wave").replace("greet", "wave"));
    save("src/main/java/shop/Shop.java", shop("Greet", "Wave"));
    served("wave", true);
    assertThat(asked()).as("Maven was asked once").isEqualTo(1);

    Files.delete(project.resolve("src/main/java/shop/Greet.java"));
    save("src/main/java/shop/Shop.java", shop("Wave"));
    served("greet", false);
  }

  @Test
  void whatDoesNotCompileIsToldWithItsLineAndACaretAndTheVersionBeforeStays() throws Exception {
    start();
    save("src/main/java/shop/Greet.java", greet("hello").replace("\"hello\";", "\"hello\""));
    assertThat(error("Greet.java"))
        .contains("src/main/java/shop/Greet.java:6: ';' expected\n")
        .contains("\n      return \"hello\"\n                    ^\n")
        .endsWith("the version before is still served");
    served("greet", true);

    save("src/main/java/shop/Greet.java", greet("good day"));
    Until.holds(
        "it is served again", () -> changes.stream().anyMatch(it -> it.contains("Greet.java")));
    assertThat(errors).hasSize(1);
  }

  @Test
  void aPomThatIsSavedIsReadAgainAndOneThatIsWrongIsTold() throws Exception {
    start();
    maven("echo '[ERROR] the POM is odd'; echo '[ERROR] x -> [Help 1]'; exit 1");
    save("pom.xml", PLAIN + "<!-- -->");
    assertThat(error("Maven fails"))
        .contains("\n  the POM is odd\n")
        .doesNotContain("./streamer install")
        .doesNotContain("Help 1")
        .endsWith("the version before is still served");
    served("greet", true);
  }

  @Test
  void whoHasNotInstalledOurArtefactsIsToldHow() throws Exception {
    maven(
        "echo \"[ERROR] Non-resolvable import POM: The following artifacts could not be resolved:"
            + " io.streamer:streamer-bom:pom:0.1.0 (absent): Could not find artifact"
            + " io.streamer:streamer-bom:pom:0.1.0\"; exit 1");
    start();
    assertThat(error("Maven fails")).contains("\n  ./streamer install puts ");
  }

  @Test
  void whereThePomAsksForMoreMavenCompiles() throws Exception {
    save("pom.xml", "<project><annotationProcessorPaths/></project>");
    maven("cp dependencies \"$file\"; echo '[ERROR] no processor here'; exit 1");
    start();
    assertThat(error("no processor here")).doesNotContain("the version before");
    assertThat(project.resolve("asked")).content().startsWith("-q -B -ntp compile dependency:list");
  }

  @Test
  void aProjectWithoutAModuleSaysWhatIsMissing() throws Exception {
    Files.delete(
        project.resolve("src/main/resources/META-INF/services/io.streamer.handler.HandlerModule"));
    start();
    assertThat(error("META-INF/services/io.streamer.handler.HandlerModule"))
        .contains("src/main/resources");
  }

  @Test
  void itsSettingsAreAFileBesideThePom() throws Exception {
    start();
    served("greet", true);
    save(".env", "A=1");
    Until.holds("all is made anew", () -> changes.stream().anyMatch(it -> it.contains("(.env)")));
  }

  private void start() {
    live =
        new LiveHandlers(
            project,
            ProjectTest.class.getClassLoader(),
            List.of(),
            serving,
            new LiveHandlers.Listener(changes::add, errors::add));
    live.follow(_ -> {});
  }

  private void served(String action, boolean wanted) {
    Until.matches(
        action + (wanted ? " is served" : " is gone"),
        () -> serving.gateway().find(action).isPresent(),
        now -> now == wanted);
  }

  private String error(String words) {
    return Until.matches(
        "an error with " + words,
        () -> errors.stream().filter(line -> line.contains(words)).findFirst().orElse(""),
        line -> !line.isEmpty());
  }

  private long asked() throws IOException {
    return Files.readAllLines(project.resolve("asked")).size();
  }

  private void save(String name, String text) throws IOException {
    var file = project.resolve(name);
    Files.createDirectories(file.getParent());
    var next = Files.writeString(file.resolveSibling(file.getFileName() + "~"), text, UTF_8);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void maven(String does) throws IOException {
    var script = project.resolve("mvnw");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo "$*" >>asked
        for word in "$@"; do case $word in -DoutputFile=*) file=${word#*=} ;; esac; done
        %s
        """
            .formatted(does));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String handlerClasses() {
    // a jar, or what a jar's name leads to where the build has only a folder
    return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry -> entry.matches(".*streamer-handler-.*\\.jar"))
        .findFirst()
        .orElseThrow();
  }

  private static String shop(String... handlers) {
    var adds = new StringBuilder();
    for (var handler : handlers) {
      adds.append("    handlers.add(%1$s.class, %1$s::new);\n".formatted(handler));
    }
    return """
    package shop;
    import io.streamer.handler.*;
    public final class Shop implements HandlerModule {
      public void register(Handlers handlers, Config config) {
    %s
      }
    }
    """
        .formatted(adds);
  }

  private static String greet(String text) {
    return """
    package shop;
    import io.streamer.handler.*;
    @Action("greet")
    public final class Greet implements Handler<RawJson, String> {
      public String handle(RawJson request, Run run) {
        return "%s";
      }
    }
    """
        .formatted(text);
  }
}
