package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.soak.bench.Surroundings;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a frame costs each client beside a bare WebSocket of its language, and how large a process
 * with many jobs or connections is. {@code -Dstreamer.figures=true} measures and keeps the figures
 * in {@code bench/results}; without it, it is seen that everything is measured.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCostTest {
  private static final boolean FIGURES = Boolean.getBoolean("streamer.figures");
  private static final int WARM = FIGURES ? 50_000 : 200;
  private static final int COUNTED = FIGURES ? 200_000 : 2_000;

  /** That a client may have come to need, however many jobs it has. */
  private static final int MOST_THREADS = 8;

  private static final int ROUNDS = FIGURES ? 3 : 1;
  private static final long PATIENCE_MINUTES = 4;
  private static final String COMMAND =
      "./streamer test -pl system-tests -am -Dtest=ClientCostTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dstreamer.figures=true";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /** Of figures alone: all of a run are kept in one file. */
  private Optional<Surroundings> surroundings = Optional.empty();

  /** The processes that take frames: each has a side {@code client} and a side {@code bare}. */
  enum Language {
    JAVA {
      @Override
      ProcessBuilder probe() {
        return new ProcessBuilder(JavaClientProbe.command());
      }
    },
    JAVASCRIPT {
      @Override
      ProcessBuilder probe() {
        var project = NodeProject.built("js");
        return new ProcessBuilder("node", "conformance/frames.mjs")
            .directory(project.folder().toFile());
      }
    },
    PYTHON {
      @Override
      ProcessBuilder probe() {
        var project = PythonProject.ready();
        return new ProcessBuilder(project.command("python", "conformance/frames.py"))
            .directory(project.folder().toFile());
      }
    },
    GO {
      @Override
      ProcessBuilder probe() {
        return new ProcessBuilder(GoProject.ready().program("conformance/frames"));
      }
    };

    /** Builds what is to run; skips the test where the language is missing. */
    abstract ProcessBuilder probe();
  }

  @BeforeAll
  void begin() throws Exception {
    if (FIGURES) {
      surroundings = Optional.of(Surroundings.of(LocalStage.home(), Instant.now(), COMMAND));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFrameIsComparedWithOneOfABareSocket(Language language) throws Exception {
    var client = new ArrayList<Double>();
    var bare = new ArrayList<Double>();
    var ratio = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      bare.add(microsAFrame(language, "bare"));
      client.add(microsAFrame(language, "client"));
      ratio.add(client.getLast() / bare.getLast());
    }
    keep(
        new JsonObject()
            .put("case", "frames")
            .put("side", language.toString().toLowerCase(Locale.ROOT))
            .put("frames", COUNTED)
            .put("cpu_us", median(client))
            .put("bare_cpu_us", median(bare))
            .put("to_bare", median(ratio)));
    assertThat(client).hasSize(ROUNDS).allSatisfy(each -> assertThat(each).isNotNegative());
  }

  @ParameterizedTest
  @CsvSource({"jobs, 5000", "connections, 1000", "connections-apart, 1000"})
  void aProcessWithManyIsSized(String what, int many) throws Exception {
    int number = FIGURES ? many : many / 100;
    try (var door = ScriptedDoor.open(0, 0)) {
      var probe =
          start(
              new ProcessBuilder(JavaClientProbe.command()),
              what,
              door.url(),
              Integer.toString(number));
      try (var lines = probe.inputReader(UTF_8)) {
        var size = new JsonObject(line(lines));
        double each = size.getLong("heap_bytes") - size.getLong("heap_before_bytes");
        keep(
            new JsonObject()
                .put("case", what)
                .put("side", "java")
                .put("number", number)
                .put("heap_bytes_each", Math.round(each / number))
                .mergeIn(size));
        assertThat(size.getLong("heap_bytes")).isGreaterThan(size.getLong("heap_before_bytes"));
        if (what.equals("jobs")) {
          // they share what their connection has
          assertThat(size.getInteger("threads"))
              .isLessThanOrEqualTo(size.getInteger("threads_before") + MOST_THREADS);
        }
      } finally {
        probe.destroyForcibly().onExit().join();
      }
    }
  }

  /** Processor time of the process that takes them, in user mode and in the kernel. */
  private static double microsAFrame(Language language, String side) throws IOException {
    try (var door = ScriptedDoor.open(WARM, COUNTED)) {
      var probe =
          start(
              language.probe(),
              side,
              door.url(),
              Integer.toString(WARM),
              Integer.toString(COUNTED));
      try (var lines = probe.inputReader(UTF_8)) {
        assertThat(line(lines)).isEqualTo("warm");
        var before = used(probe);
        door.goOn();
        assertThat(line(lines)).isEqualTo("done");
        return used(probe).minus(before).toNanos() / 1_000.0 / COUNTED;
      } finally {
        probe.destroyForcibly().onExit().join();
      }
    }
  }

  private static Duration used(Process probe) {
    return probe.info().totalCpuDuration().orElseThrow();
  }

  private static Process start(ProcessBuilder probe, String... arguments) throws IOException {
    var command = new ArrayList<>(probe.command());
    command.addAll(List.of(arguments));
    var started = probe.command(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // one that misses a frame would wait for ever
    CompletableFuture.delayedExecutor(PATIENCE_MINUTES, TimeUnit.MINUTES)
        .execute(started::destroyForcibly);
    return started;
  }

  private static String line(BufferedReader lines) throws IOException {
    var line = lines.readLine();
    if (line == null) {
      throw new IOException("the process that is measured has ended");
    }
    return line;
  }

  private static double median(List<Double> of) {
    var middle = of.stream().sorted().toList().get(of.size() / 2);
    return Math.round(middle * 100) / 100.0;
  }

  private void keep(JsonObject figures) throws IOException {
    if (surroundings.isPresent()) {
      var at = surroundings.get();
      var file =
          LocalStage.home()
              .resolve("bench/results")
              .resolve(NAME.format(at.at()) + "-" + at.commit() + ".jsonl");
      var line = at.json().mergeIn(figures).encode() + "\n";
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      System.out.println(figures.encode());
    }
  }
}
