package io.streamer.cli.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Main;
import io.streamer.cli.Ran;
import io.streamer.cli.ScriptedGateway;
import io.streamer.cli.terminal.StopOnSignalTest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a job that is followed. */
@Timeout(60)
class FollowTest {
  @TempDir Path home;

  @Test
  void eventsStandAboveTheBar() {
    var out =
        follow(
            event(1, "line", "{\"n\":1.10}"),
            progress(2, 50, 1),
            event(3, "line", "\"two\""),
            complete(4));

    assertThat(out)
        .startsWith("job j is queued" + System.lineSeparator() + "line {\"n\":1.10}")
        .contains("\r\u001b[Kline \"two\"" + System.lineSeparator() + "\r\u001b[K[####")
        .contains(" 50%  half way");
  }

  @Test
  void aRewindSaysHowManyEventsAreVoid() {
    var out =
        follow(
            event(1, "line", "1"),
            event(2, "line", "2"),
            event(3, "line", "3"),
            "{\"type\":\"rewind\",\"request_id\":\"%s\",\"job_id\":\"j\",\"seq\":9,\"after_seq\":1}",
            event(10, "line", "2"),
            "{\"type\":\"rewind\",\"request_id\":\"%s\",\"job_id\":\"j\",\"seq\":19,\"after_seq\":1}",
            "{\"type\":\"rewind\",\"request_id\":\"%s\",\"job_id\":\"j\",\"seq\":29,\"after_seq\":1}",
            complete(30));

    assertThat(out.lines().filter(line -> line.startsWith("(")))
        .containsExactly(
            "(the last 2 events are void: the job goes on from its last checkpoint)",
            "(the last event is void: the job goes on from its last checkpoint)");
  }

  @Test
  void theBarNeverGoesBackAndNamesALaterAttempt() {
    var out = follow(progress(1, 50, 1), progress(2, 20, 2), progress(3, 60, 2), complete(4));

    assertThat(out)
        .contains(" 50%  half way\r")
        .contains(" 50%  half way (attempt 2)")
        .contains(" 60%  half way (attempt 2)")
        .doesNotContain(" 20%");
  }

  @Test
  void aLongEventIsCutForAPersonAlone() {
    var longEvent = event(1, "text", "\"" + "x".repeat(1000) + "\"");
    assertThat(follow(longEvent, complete(2))).doesNotContain("x".repeat(401)).contains("x…");
    try (var gateway = ScriptedGateway.answering(id -> job(id, longEvent, complete(2)))) {
      var ran = Ran.inScript(home, "request", "a", "--follow", "--url", gateway.url());
      assertThat(ran.out()).contains("x".repeat(1000));
    }
  }

  @Test
  void aJobThatWasSentBeforeIsToldApart() {
    try (var gateway =
        ScriptedGateway.answering(id ->
            List.of(duplicate(id), progress(5, 60, 2).formatted(id), complete(9).formatted(id)))) {
      var ran = Ran.onTerminal(home, "request", "a", "--follow", "--url", gateway.url());

      assertThat(ran.out())
          .contains("job j was asked for before, and is running")
          .contains(" 70%  half way (attempt 2)");
    }
  }

  @Test
  void ctrlCLeavesTheJobAndSaysWhatCanBeDone() throws Exception {
    var left = interrupted(false, "");

    assertThat(left.exitCode()).isEqualTo(Following.LEFT);
    assertThat(left.err())
        .contains("job j goes on", "./streamer status j", "./streamer cancel j", "follow j");
  }

  @Test
  void ctrlCStopsTheJobWhereThatIsWantedAndTheEndProvesIt() throws Exception {
    var stopped = interrupted(false, "", "--on-interrupt", "cancel");

    assertThat(stopped.exitCode()).isEqualTo(1);
    assertThat(stopped.out()).contains("CANCELLED");
  }

  @Test
  void ctrlCAsksOnATerminal() throws Exception {
    var stopped = interrupted(true, "y\n");
    assertThat(stopped.exitCode()).isEqualTo(1);
    assertThat(stopped.err()).contains("stop job j, too? [y/N]", "CANCELLED");

    for (var no : List.of("n\n", "\n")) {
      var left = interrupted(true, no);
      assertThat(left.exitCode()).isEqualTo(Following.LEFT);
      assertThat(left.err()).contains("job j goes on");
    }
  }

  /** Ctrl-C, once a job is followed, in a process of its own. */
  private Ran interrupted(boolean terminal, String typed, String... options) throws Exception {
    try (var gateway = ScriptedGateway.speaking(FollowTest::stoppable)) {
      var command = new ArrayList<>(StopOnSignalTest.notIgnoringSignals());
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-Dstreamer.home=" + home,
              "-Dstreamer.terminal=" + terminal,
              "-Dstreamer.keys=" + terminal,
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "request",
              "a",
              "--follow",
              "--url",
              gateway.url()));
      command.addAll(List.of(options));
      var process = new ProcessBuilder(command).start();
      try (var in = process.outputWriter(UTF_8);
          var out = process.inputReader(UTF_8);
          var err = process.errorReader(UTF_8)) {
        var first = out.readLine();
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
        in.write(typed);
        in.flush();
        var exitCode = process.waitFor();
        return new Ran(
            exitCode,
            first + String.join("\n", out.readAllLines()),
            String.join("\n", err.readAllLines()));
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static List<String> stoppable(JsonObject frame) {
    var id = frame.getString("id");
    return switch (frame.getString("type")) {
      case "hello" -> List.of(ScriptedGateway.welcome(""));
      case "cancel" ->
          List.of(
              "{\"type\":\"error\",\"job_id\":\"j\",\"seq\":7,\"error\":{\"code\":\"CANCELLED\","
                  + "\"message\":\"as you wished\"}}");
      default -> job(id, progress(1, 10, 1));
    };
  }

  private String follow(String... frames) {
    try (var gateway = ScriptedGateway.answering(id -> job(id, frames))) {
      var ran = Ran.onTerminal(home, "request", "a", "--follow", "--url", gateway.url());
      assertThat(ran.exitCode()).isZero();
      return ran.out();
    }
  }

  private static List<String> job(String id, String... frames) {
    var all = new ArrayList<String>();
    all.add(
        "{\"type\":\"acknowledgment\",\"request_id\":\"%s\",\"job_id\":\"j\",\"status\":\"queued\"}"
            .formatted(id));
    for (var frame : frames) {
      all.add(frame.formatted(id));
    }
    return all;
  }

  private static String duplicate(String id) {
    return "{\"type\":\"acknowledgment\",\"request_id\":\""
        + id
        + "\",\"job_id\":\"j\",\"status\":\"duplicate\","
        + "\"snapshot\":{\"status\":\"running\",\"percentage\":70}}";
  }

  private static String event(int seq, String name, String data) {
    return "{\"type\":\"event\",\"request_id\":\"%s\",\"job_id\":\"j\",\"seq\":"
        + seq
        + ",\"name\":\""
        + name
        + "\",\"data\":"
        + data
        + "}";
  }

  private static String progress(int seq, int percentage, int attempt) {
    return "{\"type\":\"progress\",\"request_id\":\"%s\",\"job_id\":\"j\",\"seq\":"
        + seq
        + ",\"percentage\":"
        + percentage
        + ",\"message\":\"half way\",\"attempt\":"
        + attempt
        + "}";
  }

  private static String complete(int seq) {
    return "{\"type\":\"complete\",\"request_id\":\"%s\",\"job_id\":\"j\",\"seq\":"
        + seq
        + ",\"success\":true,\"result\":{}}";
  }
}
