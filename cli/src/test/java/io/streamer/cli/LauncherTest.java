package io.streamer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.StreamSupport;
import javax.tools.ToolProvider;
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
          "cp",
          "dirname",
          "find",
          "grep",
          "gzip",
          "head",
          "ln",
          "mkdir",
          "mv",
          "nice",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sha256sum",
          "sleep",
          "sort",
          "tar",
          "tee");

  /** Notes each recording; as dev it serves until what it was started with has ended. */
  private static final String RECORDING_JAVA =
      """
      for word; do
        case $word in
          -Dstreamer.home=*) home=${word#*=} ;;
          -XX:AOTCacheOutput=*) made=${word#*=} ;;
          dev) dev=yes ;;
        esac
      done
      if [ -n "${made:-}" ]; then
        echo "$made" >>"$home/recordings"
        echo cache >"$made"
        exit
      fi
      if [ -n "${dev:-}" ]; then
        mkdir -p "$home/.streamer/dev"
        : >"$home/.streamer/dev/$$"
        children=some
        while [ -n "$children" ]; do
          read -r children <"/proc/$$/task/$$/children" || :
          sleep 0.05
        done
      fi
      printf '%s\\n' "$@"
      """;

  private final Map<String, String> environment = new HashMap<>();

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
  void onlyTheFirstBuildOfACloneLeavesTheChecksOut() throws Exception {
    run("token");
    Files.writeString(root.resolve("cli/src/main/A.java"), "b");
    run("token");

    assertThat(Files.readAllLines(root.resolve("maven-runs")))
        .satisfiesExactly(
            first -> assertThat(first).contains("-Punchecked"),
            second -> assertThat(second).doesNotContain("-Punchecked"));
  }

  @Test
  void theFirstInstallLeavesTheChecksOutToo() throws Exception {
    run("install");
    Files.createDirectories(root.resolve("stage-test/target"));
    run("install");

    assertThat(Files.readAllLines(root.resolve("maven-runs")))
        .satisfiesExactly(
            first -> assertThat(first).contains("-Punchecked"),
            second -> assertThat(second).doesNotContain("-Punchecked"));
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
  void anArchiveRunsWhatItHasAndNeedsNoMaven() throws Exception {
    becomesAnArchive();

    assertThat(run("token").out()).contains("io.streamer.cli.Main");
    assertThat(run("--version").out()).isEqualTo("streamer 1.2.3 (abc)\n");
    assertThat(run("test").exitCode()).isEqualTo(2);
    assertThat(root.resolve("local/dynamodb-local/target/jars")).doesNotExist();
  }

  @Test
  void anArchiveTakesTheDynamoDbLocalThatIsNamed() throws Exception {
    becomesAnArchive();
    environment.put("STREAMER_DYNAMODB_LOCAL", dynamoDbLocal().toString());

    assertThat(run("dev").exitCode()).isZero();
    assertThat(root.resolve("local/dynamodb-local/target/jars").toFile().list())
        .containsExactlyInAnyOrder("DynamoDBLocal-2.jar", "needed.jar");

    environment.remove("STREAMER_DYNAMODB_LOCAL");
    assertThat(run("dev").exitCode()).as("it is fetched once").isZero();
  }

  @Test
  void anArchiveTakesNoDynamoDbLocalWithAnotherSum() throws Exception {
    becomesAnArchive();
    script(
        tools.resolve("curl"),
        "while [ $# -gt 2 ]; do shift; done\ncp " + dynamoDbLocal() + " \"$1\"\n");
    var ran = run("dev");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("it is not the file that was published", "STREAMER_DYNAMODB_LOCAL");
    assertThat(ran.out()).isEmpty();
    assertThat(root.resolve("local/dynamodb-local/target/jars")).doesNotExist();
  }

  @Test
  void anArchiveInstallsWhereMavenLooks() throws Exception {
    becomesAnArchive();
    var jar = Path.of("io/streamer/streamer-handler/1.2.3/streamer-handler-1.2.3.jar");
    Files.createDirectories(root.resolve("maven").resolve(jar).getParent());
    Files.writeString(root.resolve("maven").resolve(jar), "jar");
    var home = Files.createDirectories(folder.resolve("home/.m2"));
    environment.put("HOME", home.getParent().toString());

    assertThat(run("install").exitCode()).isZero();
    assertThat(home.resolve("repository").resolve(jar)).hasContent("jar");

    Files.writeString(
        home.resolve("settings.xml"),
        "<settings>\n  <localRepository>${user.home}/named</localRepository>\n</settings>\n");
    assertThat(run("install").exitCode()).isZero();
    assertThat(home.resolveSibling("named").resolve(jar)).hasContent("jar");

    environment.put("MAVEN_OPTS", "-Xmx1g -Dmaven.repo.local=" + folder.resolve("other"));
    assertThat(run("install").exitCode()).isZero();
    assertThat(folder.resolve("other").resolve(jar)).hasContent("jar");
    assertThat(mavenRuns()).isZero();
  }

  /** Takes the sources away, and says what an archive says of itself. */
  private void becomesAnArchive() throws IOException {
    Files.delete(root.resolve("pom.xml"));
    Files.writeString(root.resolve("RELEASE"), "streamer 1.2.3 (abc)\n");
    Files.createDirectories(root.resolve("local/dynamodb-local/target"));
    Files.createDirectories(root.resolve("cli/target/lib"));
  }

  /** An archive as AWS packs it. */
  private Path dynamoDbLocal() throws Exception {
    var made = Files.createDirectories(folder.resolve("dynamo/DynamoDBLocal_lib"));
    Files.writeString(made.resolve("needed.jar"), "jar");
    Files.writeString(made.resolveSibling("DynamoDBLocal.jar"), "jar");
    var archive = folder.resolve("dynamo.tar.gz");
    var tar =
        new ProcessBuilder(
                "tar", "-czf", archive.toString(), "-C", made.getParent().toString(), ".")
            .start();
    assertThat(tar.waitFor()).isZero();
    return archive;
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
  void askedForACommandsHelpItGivesThatCommandsOwn() throws Exception {
    assertThat(run("help", "install").out()).startsWith("Usage: ./streamer install");
    assertThat(run("help", "deploy").exitCode()).isEqualTo(2);
    assertThat(run("help").out()).isEqualTo(run().out());

    assertThat(run("help", "dead-letters", "redrive").out().lines().toList())
        .endsWith("dead-letters", "redrive", "--help");
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
  void aCheckWhoseToolIsNotThereIsToldToBeLeftOut() throws Exception {
    assertThat(run("test").err())
        .contains(
            "shellcheck is not installed: the scripts are not checked",
            "actionlint is not installed: the workflows are not checked",
            "docker compose is not installed");

    script(tools.resolve("shellcheck"), "echo looks at the scripts");
    script(tools.resolve("actionlint"), "exit 3");
    var refused = run("test");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.out()).contains("looks at the scripts");
    assertThat(refused.err()).doesNotContain("not installed");
  }

  @Test
  void onlyARunOfAllTestsIsJudgedByItsCoverage() throws Exception {
    run("test");
    run("test", "-pl", "shared", "-Dtest=A b");

    assertThat(Files.readAllLines(root.resolve("maven-runs")))
        .containsExactly("-B -ntp verify -Pcoverage", "-B -ntp verify -pl shared -Dtest=A b");
  }

  @Test
  void aDevThatServesHasTheStartCacheMadeWhichLaterCommandsUse() throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA);
    run("token");
    assertThat(caches()).as("made for dev alone").isEmpty();

    assertThat(run("dev").out()).doesNotContain("-XX:AOTCache");
    var cache = "-XX:AOTCache=" + caches().getFirst();
    assertThat(run("token").out().lines()).contains(cache, "-Xlog:aot*=off");
    assertThat(run("dev").out().lines()).contains(cache);
    assertThat(recordings()).isEqualTo(1);
    assertThat(root.resolve(".streamer")).isDirectoryNotContaining("glob:**recording");
  }

  @Test
  void aSoakMayTakeMoreThanAQuarterOfTheMemory() throws Exception {
    assertThat(run("soak").out()).contains("-XX:MaxRAMPercentage=60");
    assertThat(run("dev").out()).doesNotContain("MaxRAMPercentage");
  }

  @Test
  void aStartCacheGoesWithTheBuildItWasMadeFor() throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA);
    run("dev");
    assertThat(caches()).hasSize(1);

    Files.writeString(root.resolve("cli/src/main/A.java"), "b");
    assertThat(run("token").out()).doesNotContain("-XX:AOTCache");
    assertThat(caches()).isEmpty();
  }

  @Test
  void aStartCacheOfOtherJarsIsNotUsedAndMadeAgain() throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA);
    run("token");
    var jar = Files.writeString(root.resolve("cli/target/lib/a.jar"), "a");
    run("dev");

    // as Maven by hand would
    Files.writeString(jar, "b");
    assertThat(run("token").out()).doesNotContain("-XX:AOTCache");
    assertThat(run("dev").out()).doesNotContain("-XX:AOTCache");
    assertThat(run("token").out()).contains("-XX:AOTCache");
    assertThat(recordings()).isEqualTo(2);
  }

  @Test
  void anotherJdksStartCacheIsReplaced() throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA);
    run("token");
    var old = Files.writeString(root.resolve("cli/target/lib/start-1.aot"), "of another JDK");

    assertThat(run("dev").out()).doesNotContain("-XX:AOTCache");
    assertThat(old).doesNotExist();
    assertThat(caches()).hasSize(1);
  }

  @Test
  void aStartCacheThatCannotBeMadeIsTriedOnce() throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA.replace("echo cache", "exit 1; echo"));
    run("dev");

    assertThat(run("dev").out()).doesNotContain("-XX:AOTCache");
    assertThat(caches()).hasSize(1);
    assertThat(caches().getFirst()).isEmptyFile();
    assertThat(recordings()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"CI, true", "IN_STREAMER_TEST, yes", "STREAMER_START_CACHE, off"})
  void noStartCacheIsMadeInATestOrWhereItIsNotWanted(String name, String value) throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA);
    run("token");
    environment.put(name, value);

    assertThat(run("dev").exitCode()).isZero();
    assertThat(caches()).isEmpty();
  }

  @Test
  void neitherADebuggerNorWhoTurnedItOffGetsTheStartCache() throws Exception {
    script(jdk.resolve("bin/java"), RECORDING_JAVA);
    run("dev");
    assertThat(caches()).hasSize(1);

    assertThat(run("dev", "--debug").out()).contains("-agentlib:jdwp").doesNotContain("AOTCache");
    environment.put("STREAMER_START_CACHE", "off");
    assertThat(run("dev").out()).doesNotContain("AOTCache");
  }

  /** With the JDK that runs this test, and a program in place of the commands. */
  @Test
  void aDamagedStartCacheIsPassedOverWithoutAWord() throws Exception {
    run("token");
    program(root.resolve("cli/target/lib/program.jar"));
    jdk = Path.of(System.getProperty("java.home"));
    var self = String.valueOf(ProcessHandle.current().pid());
    Files.writeString(Files.createDirectories(root.resolve(".streamer/dev")).resolve(self), "");

    assertThat(run("record-start", self).exitCode()).isZero();
    assertThat(caches().getFirst()).isNotEmptyFile();
    // ends a JVM that does not take it
    environment.put("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
    assertThat(run("token").exitCode()).isZero();

    Files.writeString(caches().getFirst(), "no cache at all");
    assertThat(run("token").exitCode()).isNotZero();
    environment.clear();
    assertThat(run("token")).isEqualTo(new Ran(0, "Main\n", ""));
  }

  /** A jar with a Main that says its name, and is rehearsed. */
  private void program(Path jar) throws IOException {
    var source =
        Files.writeString(
            folder.resolve("Main.java"),
            """
            package io.streamer.cli;

            public final class Main {
              public static void main(String[] args) {
                System.out.println("Main");
              }
            }

            final class Rehearsal {
              public static void main(String[] args) {
                Main.main(args);
              }
            }
            """);
    var classes = Files.createDirectories(folder.resolve("classes"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), source.toString()))
        .isZero();
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (var name : List.of("Main", "Rehearsal")) {
        var entry = "io/streamer/cli/" + name + ".class";
        out.putNextEntry(new JarEntry(entry));
        out.write(Files.readAllBytes(classes.resolve(entry)));
      }
    }
  }

  private List<Path> caches() throws IOException {
    var lib = root.resolve("cli/target/lib").toRealPath();
    try (var files = Files.newDirectoryStream(lib, "start-*")) {
      return StreamSupport.stream(files.spliterator(), false).toList();
    }
  }

  private long recordings() throws IOException {
    return Files.readAllLines(root.resolve("recordings")).size();
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
    builder.environment().putAll(environment);
    return builder.start();
  }

  private long mavenRuns() throws IOException {
    var runs = root.resolve("maven-runs");
    return Files.exists(runs) ? Files.readString(runs, UTF_8).lines().count() : 0;
  }
}
