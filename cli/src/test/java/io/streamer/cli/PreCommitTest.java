package io.streamer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits to a small repository that has the real hook, with the real Maven and its formatter. */
@Timeout(120)
class PreCommitTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final String FORMATTED = "/** Of a test. */\nclass A {}\n";
  private static final String MISFORMATTED = "/** Of a test. */\nclass   A { }\n";

  @TempDir Path folder;

  @BeforeEach
  void layOut() throws Exception {
    copy(".githooks/pre-commit");
    copy(".mvn/jvm.config");
    // one module is enough, and the real parent names the formatter
    var parent = Files.readString(REPOSITORY.resolve("pom.xml"));
    write(
        "pom.xml",
        parent.replaceFirst(
            "(?s)<modules>.*?</modules>", "<modules><module>handler</module></modules>"));
    copy("handler/pom.xml");
    git("init", "-q");
    git("config", "core.hooksPath", ".githooks");
    git("config", "user.name", "Ada");
    git("config", "user.email", "ada@example.com");
  }

  @Test
  void aMisformattedFileIsRejectedAndNamedUntilItIsFormatted() throws Exception {
    write("handler/src/main/java/A.java", MISFORMATTED);
    var rejected = commitAll();

    assertThat(rejected.exitCode()).as(rejected.err()).isEqualTo(1);
    assertThat(rejected.err()).contains("src/main/java/A.java", "mvn spotless:apply");

    write("handler/src/main/java/A.java", FORMATTED);
    assertThat(commitAll()).as("formatted").returns(0, Ran::exitCode);
  }

  @Test
  void whatIsStagedCountsAndNotTheWorkTree() throws Exception {
    write("handler/src/main/java/A.java", MISFORMATTED);
    git("add", "--all");
    write("handler/src/main/java/A.java", FORMATTED);
    assertThat(git("commit", "-qm", "Try it").exitCode()).isEqualTo(1);

    git("add", "--all");
    write("handler/src/main/java/A.java", MISFORMATTED);
    assertThat(git("commit", "-qm", "Try it")).returns(0, Ran::exitCode);
  }

  private Ran commitAll() throws Exception {
    git("add", "--all");
    return git("commit", "-qm", "Try it");
  }

  private void copy(String file) throws IOException {
    var target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.copy(REPOSITORY.resolve(file), target, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void write(String file, String text) throws IOException {
    var target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }

  private Ran git(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    var err = Files.createTempFile("git", ".err");
    var builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
    // these tests may themselves run below a git that has set its own
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    var ran = new Ran(process.waitFor(), out, Files.readString(err));
    Files.delete(err);
    return ran;
  }
}
