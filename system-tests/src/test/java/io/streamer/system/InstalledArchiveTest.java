package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamer.testtools.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code .ci/archive} packs, on a machine with nothing but a shell's tools: no Maven, no
 * clone, a Java that is too old on the path, and a JDK in one of the usual folders of an empty
 * home.
 */
@Timeout(240)
class InstalledArchiveTest {
  private static final List<String> TOOLS =
      List.of(
          "awk",
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
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "sort",
          "tar",
          "tee");

  @TempDir Path folder;
  private Path tools;
  private Path home;
  private Path streamer;

  @BeforeEach
  void unpack() throws Exception {
    for (var tool : List.of("tar", "gzip", "unzip", "cmp")) {
      assumeTrue(onPath(tool) != null, "there is no " + tool + " here to pack an archive with");
    }
    tools = Files.createDirectories(folder.resolve("tools"));
    for (var tool : TOOLS) {
      Files.createSymbolicLink(tools.resolve(tool), Objects.requireNonNull(onPath(tool), tool));
    }
    var old = Files.createDirectories(folder.resolve("jdk-17/bin"));
    Files.writeString(old.resolveSibling("release"), "JAVA_VERSION=\"17.0.1\"\n");
    for (var name : List.of("java", "javac")) {
      var program = Files.writeString(old.resolve(name), "#!/bin/sh\nexit 17\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.createSymbolicLink(tools.resolve(name), program);
    }
    home = Files.createDirectories(folder.resolve("home"));
    Files.createSymbolicLink(
        Files.createDirectories(home.resolve(".jdks")).resolve("25"),
        Path.of(System.getProperty("java.home")));

    var packed =
        finished(
            new ProcessBuilder(
                LocalStage.home().resolve(".ci/archive").toString(),
                "--built",
                folder.resolve("packed").toString()));
    var archive = Path.of(packed.strip());
    finished(command("tar", "-xzf", archive.toString()));
    streamer =
        folder.resolve(archive.getFileName().toString().replace(".tar.gz", "")).resolve("streamer");
  }

  @Test
  void itTellsItsVersionAndItsCommands() throws Exception {
    assertThat(finished(streamer("--version"))).startsWith("streamer 0.");
    assertThat(finished(streamer("help"))).contains("  dev  ").contains("  init  ");
    assertThat(finished(streamer("bench", "--list"))).isNotBlank();
  }

  @Test
  void theStageAnswers() throws Exception {
    var log = folder.resolve("dev.log");
    var dev = streamer("dev", "--port", "0", "--direct-port", "0").redirectOutput(log.toFile());
    dev.environment()
        .put(
            "STREAMER_DYNAMODB_LOCAL",
            LocalStage.home().resolve("local/dynamodb-local/target/jars").toString());
    var process = dev.start();
    try {
      Until.holds(
          "dev is ready, or gone",
          () -> !process.isAlive() || Files.readString(log).contains("Streamer is ready"));
      assertThat(Files.readString(log)).contains("Streamer is ready");

      assertThat(finished(streamer("request", "echo", "--payload", "{\"message\":\"Hello\"}")))
          .contains("Hello");
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  void aProjectOfInitIsBuiltAgainstIt() throws Exception {
    var shop = folder.resolve("shop");

    assertThat(finished(streamer("init", "shop", "--dir", shop.toString()))).contains("made ");

    var repository = home.resolve(".m2/repository");
    assertThat(repository.resolve("io/streamer/streamer-stage-test")).isDirectory();
    var maven =
        new ProcessBuilder(
                Checkout.maven(Files.createDirectories(folder.resolve("maven")), repository)
                    .resolve("mvn")
                    .toString(),
                "-B",
                "-q",
                "verify",
                "-Dtest=GreetTest")
            .directory(shop.toFile());
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    finished(maven);
    assertThat(shop.resolve("target/handlers"))
        .isDirectoryContaining("glob:**/shop-0.1.0-SNAPSHOT.jar");
    finished(
        streamer(
            "build",
            "--handlers",
            shop.resolve("target/handlers").toString(),
            "--output",
            folder.resolve("dist").toString()));
    try (var zip = new ZipFile(folder.resolve("dist/worker.zip").toFile())) {
      assertThat(zip.stream().map(Object::toString))
          .contains("lib/shop-0.1.0-SNAPSHOT.jar")
          .anyMatch(name -> name.startsWith("lib/streamer-worker-"))
          .noneMatch(name -> name.startsWith("lib/streamer-gateway-"));
    }
  }

  private ProcessBuilder streamer(String... arguments) {
    var command = command(arguments);
    command.command().addFirst(streamer.toString());
    return command;
  }

  private ProcessBuilder command(String... command) {
    var builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", home.toString());
    // a start cache would be made beside, and outlive the test
    builder.environment().put("CI", "true");
    return builder.directory(folder.toFile()).redirectErrorStream(true);
  }

  /** All that it says, once it has ended well. */
  private static String finished(ProcessBuilder builder) throws Exception {
    var log = Files.createTempFile("streamer", ".log");
    try {
      var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      assertThat(process.waitFor(200, TimeUnit.SECONDS)).as("ends: %s", builder.command()).isTrue();
      var said = Files.readString(log, UTF_8);
      assertThat(process.exitValue()).as("%s: %s", builder.command(), said).isZero();
      return said;
    } finally {
      Files.delete(log);
    }
  }

  private static @Nullable Path onPath(String tool) {
    for (var place : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(place, tool))) {
        return Path.of(place, tool);
      }
    }
    return null;
  }
}
