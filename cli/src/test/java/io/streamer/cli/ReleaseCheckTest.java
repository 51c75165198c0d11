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
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be released, asked of the real script in a small repository. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a script of a shell")
class ReleaseCheckTest {
  private static final Path REPOSITORY = Path.of("..");

  @TempDir Path folder;

  @BeforeEach
  void layOut() throws Exception {
    var script = folder.resolve(".ci/release-check");
    Files.createDirectories(script.getParent());
    Files.copy(REPOSITORY.resolve(".ci/release-check"), script, StandardCopyOption.COPY_ATTRIBUTES);
    git("init", "-q");
    git("config", "user.name", "Ada");
    git("config", "user.email", "ada@example.com");
    version("1.2.3");
    changelog("## Unreleased\n\n## 1.2.3 (2026-11-01)\n\n### Added\n\n- Things.\n\n## 1.2.2\n");
    api("A | void a()", "A | void b()");
    commit();
  }

  @Test
  void aFirstVersionWithAnEntryMayBeReleased() throws Exception {
    var ran = check("1.2.3");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("1.2.3 is the first, 1 entries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.4", "1.2", "v1.2.3", "1.2.3-rc1", ""})
  void anotherVersionThanThatOfTheBuildMayNot(String other) throws Exception {
    assertThat(check(other).exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "01.2.3", "1.2.3.4", "1.2.x"})
  void whatIsNoVersionIsToldSo(String odd) throws Exception {
    version(odd);
    var ran = check(odd);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("is no version");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "## 1.2.2\n\n- Before.\n",
        "## 1.2.3\n\n## 1.2.2\n\n- Before.\n",
        "## 1.2.33\n\n- Later.\n",
        "## Unreleased\n\n- Not yet.\n"
      })
  void withoutAnEntryOfItsOwnItMayNot(String text) throws Exception {
    changelog(text);
    var ran = check("1.2.3");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("no entry");
  }

  @Test
  void aClientWithAnotherVersionHoldsItUp() throws Exception {
    write("clients/js/package.json", "{\n  \"version\": \"1.2.2\"\n}\n");
    assertThat(check("1.2.3").err()).contains("clients/js/package.json");
    write("clients/js/package.json", "{\n  \"version\": \"1.2.3\"\n}\n");
    write("clients/python/pyproject.toml", "[project]\nversion = \"1.2.2\"\n");
    assertThat(check("1.2.3").err()).contains("clients/python/pyproject.toml");
    write("clients/python/pyproject.toml", "[project]\nversion = \"1.2.3\"\n");
    assertThat(check("1.2.3").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // what went from what others compile against, by how much the number rose
    "1.2.3,1.2.4,false",
    "1.2.3,1.3.0,false",
    "1.2.3,2.0.0,true",
    "0.2.3,0.2.4,false",
    "0.2.3,0.3.0,true",
    "0.2.3,1.0.0,true",
  })
  void whatBreaksOthersNeedsANumberThatSaysSo(String before, String after, boolean allowed)
      throws Exception {
    git("tag", "v" + before);
    version(after);
    changelog("## " + after + "\n\n- Things.\n");
    api("A | void a()", "A | void b()", "A | void c()");
    commit();
    assertThat(check(after)).as("something new").returns(0, Ran::exitCode);

    api("A | void a()", "A | void b(int)");
    commit();
    var ran = check(after);
    assertThat(ran.exitCode()).isEqualTo(allowed ? 0 : 1);
    if (!allowed) {
      assertThat(ran.err()).contains("-A | void b()");
    }
  }

  @Test
  void theVersionUnderWayIsTriedByItsUnreleasedEntries() throws Exception {
    version("1.3.0-SNAPSHOT");
    assertThat(check("--dry-run").err()).contains("## Unreleased");
    changelog("## Unreleased\n\n### Added\n\n- Things.\n- More.\n\n## 1.2.3\n");
    git("tag", "v1.2.3");
    var ran = check("--dry-run");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("1.3.0 follows v1.2.3, 2 entries");
  }

  private void version(String version) throws IOException {
    write("pom.xml", "<project>\n  <version>" + version + "</version>\n</project>\n");
  }

  private void changelog(String text) throws IOException {
    write("CHANGELOG.md", "# Changelog\n\n" + text);
  }

  private void api(String... lines) throws IOException {
    write("handler/api.txt", String.join("\n", lines) + "\n");
  }

  private void write(String file, String text) throws IOException {
    var target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }

  private void commit() throws Exception {
    git("add", "--all");
    git("commit", "-qm", "Go on");
  }

  private Ran check(String version) throws Exception {
    return run(List.of("sh", ".ci/release-check", version));
  }

  private void git(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    assertThat(run(command)).as(command.toString()).returns(0, Ran::exitCode);
  }

  private Ran run(List<String> command) throws Exception {
    var err = Files.createTempFile("check", ".err");
    var builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
    // these tests may themselves run below a git that has set its own
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    var ran = new Ran(process.waitFor(), out, Files.readString(err));
    Files.delete(err);
    return ran;
  }
}
