package io.streamer.cli.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.cli.Ran;
import io.streamer.handler.Describe;
import io.streamer.handler.RawJson;
import io.streamer.shared.payload.Payloads;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./streamer actions} against a stage of few words. */
@Timeout(30)
class ActionsTest {
  private enum Format {
    PDF,
    CSV
  }

  private record Range(@Describe(example = "2025-01-31") LocalDate from, Optional<Range> next) {}

  private record Order(
      @Describe(value = "who pays", example = "O'Hara") String payer,
      Range range,
      List<Format> formats,
      @Describe("at most\u001b[2J this") Optional<Integer> most,
      RawJson more) {}

  @TempDir Path home;

  private HttpServer stage;

  @BeforeEach
  void startTheStage() throws IOException {
    var actions =
        JsonArray.of(
            action("order", "job", Order.class).put("needs", JsonArray.of("orders:write")),
            action("anything", "sync", RawJson.class));
    stage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stage.createContext(
        "/console/actions.json",
        exchange -> {
          var bytes = JsonObject.of("actions", actions).encode().getBytes(UTF_8);
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

  private static JsonObject action(String name, String kind, Class<?> request) {
    return JsonObject.of("name", name, "kind", kind)
        .put("schema", new JsonObject(Payloads.schema(request).toString()));
  }

  @AfterEach
  void stopTheStage() {
    stage.stop(0);
  }

  @Test
  void anActionIsDescribedWithARequestToCopy() {
    var ran = Ran.onTerminal(home, "actions", "order");

    assertThat(ran.out().lines())
        .containsExactly(
            "order  a job, needs orders:write",
            "  payer    text               required  who pays",
            "  range    object             required",
            "  formats  list of pdf | csv  required",
            "  most     integer            optional  at most [2J this",
            "  more     any JSON           required",
            "try",
            "  ./streamer request order --payload"
                + " '{\"payer\":\"O'\\''Hara\",\"range\":{\"from\":\"2025-01-31\"}}' --follow");
  }

  @Test
  void whatTakesAnyJsonSaysSo() {
    assertThat(Ran.onTerminal(home, "actions", "anything").out().lines())
        .containsExactly(
            "anything  answered on the spot",
            "  payload  any JSON",
            "try",
            "  ./streamer request anything");
  }

  @Test
  void allAreListedOnALineEach() {
    assertThat(Ran.onTerminal(home, "actions").out().lines())
        .containsExactly("order  a job", "anything  answered on the spot");
  }

  @Test
  void aScriptGetsALineOfJsonForEach() {
    assertThat(Ran.inScript(home, "actions").out().lines())
        .extracting(line -> new JsonObject(line).getString("name"))
        .containsExactly("order", "anything");
  }

  @Test
  void aMisspeltActionIsNoticed() {
    var ran = Ran.onTerminal(home, "actions", "oder");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("no action is called oder; did you mean order?");
  }
}
