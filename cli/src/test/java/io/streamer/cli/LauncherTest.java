package io.streamer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs the real launcher in a small repository, with a JDK and a Maven that only note their calls.
 */
@Timeout(60)
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "cat",
          "cksum",
          "dirname",
          "find",
          "grep",
          "ln",
          "mkdir",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "sort",
          "tee");

  @TempDir Path folder;
  private Path root;
  private Path tools;
  private Path jdk;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(folder.resolve("a folder with spaces"));
    tools = Files.createDirectories(folder.resolve("tools"));
    Files.copy(
        Path.of("..", "streamer"), root.resolve("streamer"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(root.resolve("pom.xml"), "parent");
    Files.writeString(Files.createDirectories(root.resolve(".mvn")).resolve("jvm.config"), "");
    Files.writeString(Files.createDirectories(root.resolve("cli/src/main")).resolve("A.java"), "a");
    Files.writeString(root.resolve("cli/pom.xml"), "cli");
    for (var tool : TOOLS) {
      var real = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(
          tools.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
    }
    jdk = jdk("jdk 25", "25.0.3");
    script(
        tools.resolve("mvn"),
        """
        echo "$*" >>maven-runs
        [ -e broken ] && echo '[ERROR] A.java is broken' && exit 1
        mkdir -p cli/target/lib local/dynamodb-local/target/jars demo/target/lib
        mkdir -p worker-lambda/target gateway/target
        : >worker-lambda/target/worker.zip
        : >gateway/target/gateway.zip
        echo '[INFO] BUILD SUCCESS'
        """);
  }

  @Test
  void theFirstStartBuildsAndTheSecondRunsNoMaven() throws Exception {
    assertThat(run("token").exitCode()).isZero();
    assertThat(mavenRuns()).isEqualTo(1);

    assertThat(run("token").exitCode()).isZero();
    assertThat(mavenRuns()).isEqualTo(1);
  }

  @Test
  void aSourceThatWasEditedAddedOrDeletedIsBuilt() throws Exception {
    run("token");
    Files.writeString(root.resolve("cli/src/main/A.java"), "b");
    run("token");
    assertThat(mavenRuns()).isEqualTo(2);

    Files.writeString(root.resolve("cli/src/main/B.java"), "b");
    run("token");
    assertThat(mavenRuns()).isEqualTo(3);

    Files.delete(root.resolve("cli/src/main/B.java"));
    run("token");
    assertThat(mavenRuns()).isEqualTo(4);
  }

  @Test
  void aPomOfANestedModuleCountsAndWhatWasBuiltOrIsAnExampleDoesNot() throws Exception {
    run("token");
    Files.createDirectories(root.resolve("cli/target/src/main"));
    Files.writeString(root.resolve("cli/target/src/main/C.java"), "generated");
    run("token");
    assertThat(mavenRuns()).isEqualTo(1);

    Files.createDirectories(root.resolve("examples/shop/src/main"));
    Files.writeString(root.resolve("examples/shop/src/main/D.java"), "somebody's own");
    run("token");
    assertThat(mavenRuns()).isEqualTo(1);

    Files.writeString(root.resolve("local/dynamodb-local/pom.xml"), "nested");
    run("token");
    assertThat(mavenRuns()).isEqualTo(2);
  }

  @Test
  void aBuildThatWasCleanedAwayIsMadeAgain() throws Exception {
    run("token");
    Files.delete(root.resolve("cli/target/lib/built"));
    run("token");
    assertThat(mavenRuns()).isEqualTo(2);

    Files.delete(root.resolve("local/dynamodb-local/target/jars"));
    run("token");
    assertThat(mavenRuns()).isEqualTo(3);

    Files.delete(root.resolve("worker-lambda/target/worker.zip"));
    run("token");
    assertThat(mavenRuns()).isEqualTo(4);
  }

  @Test
  void twoFirstStartsAtOnceBuildOnce() throws Exception {
    var command = List.of(root.resolve("streamer").toString(), "token");
    var first = start(command, jdk, folder.resolve("first"));
    var second = start(command, jdk, folder.resolve("second"));

    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertThat(mavenRuns()).isEqualTo(1);
  }

  @Test
  void aLockThatAKilledStartLeftBehindIsNoObstacle() throws Exception {
    var gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(root.resolve(".streamer"));
    Files.createSymbolicLink(root.resolve(".streamer/building"), Path.of("" + gone.pid()));

    assertThat(run("token").exitCode()).isZero();
    assertThat(root.resolve(".streamer")).isDirectoryNotContaining("glob:**building");
  }

  @Test
  void aFailedBuildPrintsMavensErrorsAndIsTriedAgain() throws Exception {
    Files.writeString(root.resolve("broken"), "");
    var failed = run("token");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).contains("[ERROR] A.java is broken");

    Files.delete(root.resolve("broken"));
    assertThat(run("token").exitCode()).isZero();
  }

  @Test
  void argumentsArriveAsTheyWereGiven() throws Exception {
    var ran = run("request", "echo", "--payload", "{\"a\": \"b  c\"}", "", "$HOME *");

    assertThat(ran.out().lines().toList())
        .endsWith(
            "io.streamer.cli.Main",
            "request",
            "echo",
            "--payload",
            "{\"a\": \"b  c\"}",
            "",
            "$HOME *")
        .contains("-Dstreamer.home=" + root.toRealPath(), "-Dstreamer.terminal=false");
  }

  @Test
  void aSymbolicLinkFromElsewhereFindsTheRepository() throws Exception {
    var nearby = Files.createSymbolicLink(root.resolve("nearby"), Path.of("streamer"));
    var link = Files.createSymbolicLink(folder.resolve("link"), nearby);
    var ran = run(List.of(link.toString(), "token"), jdk);

    assertThat(ran.out()).contains("-Dstreamer.home=" + root.toRealPath());
  }

  @Test
  void aJdkThatIsTooOldIsPassedOver() throws Exception {
    Files.createSymbolicLink(tools.resolve("javac"), jdk.resolve("bin/javac"));
    var ran = run(List.of(root.resolve("streamer").toString(), "token"), jdk("jdk 17", "17.0.1"));

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).startsWith("java of jdk 25");
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    Files.delete(tools.resolve("mvn"));
    var ran = run("token");

    assertThat(ran.exitCode()).isEqualTo(69);
    assertThat(ran.err()).contains("Maven");
  }

  @Test
  void aloneItPrintsHelpThatNamesEveryCommand() throws Exception {
    var ran = run();

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("  test ");
    for (var command : Main.commands(root, false).getSubcommands().keySet()) {
      assertThat(ran.out()).contains("  " + command + " ");
    }
  }

  @Test
  void everyCommandIsKnownToTheLauncher() throws Exception {
    for (var command : Main.commands(root, false).getSubcommands().keySet()) {
      assertThat(run(command).exitCode()).as(command).isZero();
    }
  }

  @Test
  void initInstallsWhatItsProjectCompilesAgainst() throws Exception {
    assertThat(run("init", "shop").exitCode()).isZero();
    assertThat(mavenRuns()).isEqualTo(2);
    assertThat(Files.readString(root.resolve("maven-runs")).lines().toList().getLast())
        .contains("stage-test", "clients/java", "clients/java-okhttp", "install");

    assertThat(run("init", "--help").exitCode()).isZero();
    assertThat(mavenRuns()).as("help installs nothing").isEqualTo(2);
  }

  @Test
  void anInstallThatFailedSaysHowToRepeatIt() throws Exception {
    run("token");
    Files.writeString(root.resolve("broken"), "");
    var failed = run("init", "shop");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("[ERROR] A.java is broken").contains("./streamer install");

    Files.delete(root.resolve("broken"));
    assertThat(run("install").exitCode()).isZero();
    assertThat(run("install", "shop").exitCode()).isEqualTo(2);
  }

  @Test
  void aProjectThatWasRefusedInstallsNothing() throws Exception {
    run("token");
    script(jdk.resolve("bin/java"), "exit 2\n");

    assertThat(run("init", "Shop").exitCode()).isEqualTo(2);
    assertThat(mavenRuns()).isEqualTo(1);
  }

  @Test
  void anUnknownCommandIsWrongUsageAndBuildsNothing() throws Exception {
    var ran = run("deploy");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("deploy").contains("./streamer help");
    assertThat(mavenRuns()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"stauts, status", "dve, dev", "inits, init", "dead-leters, dead-letters"})
  void aMisspeltCommandIsToldWithTheOneThatWasMeant(String typed, String meant) throws Exception {
    Files.createSymbolicLink(tools.resolve("awk"), Path.of("/usr/bin/awk"));
    assertThat(run(typed).err()).contains("did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({"deploy", "x"})
  void whatIsNearToNoneIsNotGuessed(String typed) throws Exception {
    Files.createSymbolicLink(tools.resolve("awk"), Path.of("/usr/bin/awk"));
    assertThat(run(typed).err()).doesNotContain("did you mean");
  }

  @Test
  void theVersionIsToldWithoutABuild() throws Exception {
    Files.createSymbolicLink(tools.resolve("head"), Path.of("/usr/bin/head"));
    Files.writeString(root.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n</project>");
    var ran = run("--version");
    assertThat(ran.out()).isEqualTo("streamer 1.2.3\n");
    assertThat(mavenRuns()).isZero();
  }

  @Test
  void theTestsOwnExitCodeIsTheCommands() throws Exception {
    assertThat(run("test").exitCode()).isZero();
    assertThat(run("token").exitCode()).isZero();
    assertThat(mavenRuns()).as("what the tests have built is not built again").isEqualTo(1);

    Files.writeString(root.resolve("broken"), "");
    assertThat(run("test").exitCode()).isEqualTo(1);
  }

  @Test
  void onlyARunOfAllTestsIsJudgedByItsCoverage() throws Exception {
    run("test");
    run("test", "-pl", "shared", "-Dtest=A b");

    assertThat(Files.readAllLines(root.resolve("maven-runs")))
        .containsExactly("-B -ntp verify -Pcoverage", "-B -ntp verify -pl shared -Dtest=A b");
  }

  private Path jdk(String name, String version) throws IOException {
    var home = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/java"), "printf '%s\\n' 'java of " + name + "' \"$@\"\n");
    script(home.resolve("bin/javac"), "");
    return home;
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ran run(String... args) throws Exception {
    var command = new ArrayList<>(List.of(root.resolve("streamer").toString()));
    command.addAll(List.of(args));
    return run(command, jdk);
  }

  private Ran run(List<String> command, Path javaHome) throws Exception {
    var err = Files.createTempFile(folder, "err", "");
    var process = start(command, javaHome, err);
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), out, Files.readString(err));
  }

  private Process start(List<String> command, Path javaHome, Path err) throws IOException {
    var builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("JAVA_HOME", javaHome.toString());
    return builder.start();
  }

  private long mavenRuns() throws IOException {
    var runs = root.resolve("maven-runs");
    return Files.exists(runs) ? Files.readString(runs, UTF_8).lines().count() : 0;
  }
}
