package io.streamer.cli.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.cli.Ran;
import io.streamer.cli.terminal.TextColumns;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./streamer jobs} against a stage of few words. */
@Timeout(30)
class JobsTest {
  private static final JsonObject ROW =
      JsonObject.of(
          "job_id", "Yc3kqQ0mXh7vR1bT5nLd8pWs2_A",
          "action", "generate_report",
          "status", "failed",
          "percentage", 40,
          "message", "page 4",
          "attempt", 3,
          "created_at", 1_760_000_000_000L,
          "ended_at", 1_760_000_001_500L,
          "error", "PROCESSING_FAILED: the handler failed");

  @TempDir Path home;

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private HttpServer stage;
  private JsonArray rows = JsonArray.of(ROW);

  @BeforeEach
  void startTheStage() throws IOException {
    stage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stage.createContext(
        "/console/feed/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          var body =
              exchange.getRequestURI().getPath().endsWith("/stage")
                  ? JsonObject.of("actions", JsonArray.of("generate_report", "echo"))
                  : JsonObject.of("jobs", rows, "more", rows.size() > 1);
          var bytes = body.encode().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    stage.start();
    new DevAddress(home)
        .publish(
            URI.create("ws://127.0.0.1:" + stage.getAddress().getPort() + "/ws"),
            new DevAddress.Store(URI.create("http://127.0.0.1:9"), "streamer"));
  }

  @AfterEach
  void stopTheStage() {
    stage.stop(0);
  }

  @Test
  void aScriptGetsALineOfJsonForEachJobWithItsTimesInSeconds() {
    var ran = Ran.inScript(home, "jobs");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().lines())
        .singleElement()
        .asString()
        .isEqualTo(
            ROW.encode()
                .replace("1760000000000", "1760000000.000")
                .replace("1760000001500", "1760000001.500"));
  }

  @Test
  void whatIsAskedForReachesTheStage() throws Exception {
    Ran.inScript(
        home, "jobs", "--state", "dead", "--action", "a b", "--search", "x&y", "--limit", "7");

    assertThat(asked.take())
        .isEqualTo("/console/feed/jobs?limit=7&state=dead&action=a+b&text=x%26y");
  }

  @Test
  void aPersonGetsATableAndHearsThatThereIsMore() {
    rows = JsonArray.of(ROW, ROW);
    var ran = Ran.onTerminal(home, "jobs");

    assertThat(ran.out().lines()).hasSize(3).first().asString().startsWith("STATE");
    assertThat(ran.out()).contains("Yc3kqQ0mXh7vR1bT5nLd8pWs2_A", "1.5 s");
    assertThat(ran.err()).contains("--limit 200");
  }

  @Test
  void aNarrowTableKeepsTheIdsWhole() {
    var out = new StringWriter();
    var row = ROW.copy().put("message", "日本語".repeat(30));
    row.remove("error");
    Jobs.table(new PrintWriter(out, true), List.of(row), 60);

    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(TextColumns.width(line)).isLessThanOrEqualTo(60))
        .anyMatch(line -> line.contains("Yc3kqQ0mXh7vR1bT5nLd8pWs2_A"));
  }

  @Test
  void aMisspeltActionOrStateIsNoticed() {
    rows = new JsonArray();
    assertThat(Ran.onTerminal(home, "jobs", "--action", "generate_rport").out())
        .contains("no action is called generate_rport; did you mean generate_report?");

    var ran = Ran.onTerminal(home, "jobs", "--state", "faild");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("did you mean failed?");
  }

  @Test
  void withoutAStageItSaysHowToStartOne(@TempDir Path elsewhere) {
    var ran = Ran.inScript(elsewhere, "jobs");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("./streamer dev");
    assertThat(Ran.inScript(elsewhere, "open").err()).contains("./streamer dev");
  }
}
