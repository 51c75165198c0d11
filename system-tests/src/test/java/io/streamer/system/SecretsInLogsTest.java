package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Tokens, payloads and secrets are marked and sent along every path, good and bad: no line has a
 * mark. Ours are read down to TRACE, those of libraries at the level of a deployed gateway.
 */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
@Timeout(120)
class SecretsInLogsTest {
  private static final String MARK = "marlin7";

  @Parameter Door door;

  private final String id = UUID.randomUUID().toString();

  public record Word(String word) {}

  /** Says it in every way there is. */
  @Action(value = "test.marked-job", expected = "1m", attempts = 1)
  public static final class MarkedJob implements Handler<Word, Word> {
    @Override
    public Word handle(Word request, Run run) throws Exception {
      run.progress(10, request.word());
      run.emit("said", request);
      run.checkpoint(request);
      run.step(request.word(), Word.class, _ -> request);
      return request;
    }
  }

  /** The same on the spot. */
  @Action("test.marked")
  public static final class Marked implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      run.progress(10, MARK);
      return request;
    }
  }

  @Test
  void noLineHasATokenAPayloadOrASecret() throws Exception {
    var ours = (Logger) LoggerFactory.getLogger("io.streamer");
    var before = ours.getLevel();
    List<ILoggingEvent> lines;
    var token = Tokens.fresh();
    try (var log = new LogLines()) {
      ours.setLevel(Level.TRACE);
      handshakes(token);
      secret();
      try (var peer = door.connect(token)) {
        frames(peer);
        jobs(peer);
      }
      lines = log.events();
    } finally {
      ours.setLevel(before);
    }
    assertThat(lines).isNotEmpty();
    var parts = token.split("\\.", -1);
    assertThat(lines)
        .map(SecretsInLogsTest::all)
        .allSatisfy(line -> assertThat(line).doesNotContain(MARK, parts[1], parts[2]));
  }

  private static String all(ILoggingEvent line) {
    var thrown = line.getThrowableProxy();
    return line.getLoggerName()
        + " "
        + line.getFormattedMessage()
        + " "
        + line.getMDCPropertyMap()
        + " "
        + line.getKeyValuePairs()
        + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown));
  }

  private void handshakes(String token) {
    var marked = Tokens.signed(spoilt(Map.of("sub", MARK, "aud", MARK)));
    var expired = Tokens.signed(spoilt(Map.of("exp", 1_000, "note", MARK)));
    for (var bad : List.of(MARK, MARK + "." + MARK + "." + MARK, marked, expired)) {
      knock("?token=" + bad, offer -> offer);
      knock("", offer -> offer.header("Authorization", "Bearer " + bad));
      knock("", offer -> offer.header("Authorization", MARK + " " + bad));
      var hidden = Base64.getUrlEncoder().withoutPadding().encodeToString(bad.getBytes(UTF_8));
      knock("", offer -> offer.subprotocols("streamer.v1", "bearer." + hidden));
    }
    knock("?token=" + token + "&password=" + MARK, offer -> offer);
    knock("", offer -> offer.header("Cookie", MARK).header("Authorization", "Bearer " + token));
  }

  private static Map<String, Object> spoilt(Map<String, Object> by) {
    var claims = Tokens.claims();
    claims.putAll(by);
    return claims;
  }

  private void knock(String query, UnaryOperator<java.net.http.WebSocket.Builder> offer) {
    if (door.knock(query, offer) instanceof Peer.Handshake.Opened(var peer)) {
      peer.close();
    }
  }

  private static void secret() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var uri =
          URI.create(
              "http://127.0.0.1:"
                  + LocalStage.stage().gateway().internalPort()
                  + "/@connections/"
                  + MARK
                  + "?a="
                  + MARK);
      var request =
          HttpRequest.newBuilder(uri)
              .header("X-Streamer-Internal", MARK)
              .POST(HttpRequest.BodyPublishers.ofString(MARK))
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(403);
    }
  }

  private void frames(Peer peer) {
    var payload = new JsonObject().put("word", MARK);
    peer.request("a" + id, "test.marked", payload).answer("a" + id);
    peer.request("b" + id, MARK, payload).answer("b" + id);
    peer.request("c" + id, "test.broken", payload).answer("c" + id);
    peer.request("d" + id, "test.doubled", payload).answer("d" + id);
    peer.send("{\"" + MARK + "\":");
    peer.send("{\"type\":\"" + MARK + "\",\"id\":\"e" + id + "\"}").answer("e" + id);
    peer.send(
        new JsonObject()
            .put("id", "f" + id)
            .put("action", "echo")
            .put("payload", payload)
            .put("metadata", MARK));
    peer.answer("f" + id);
  }

  private void jobs(Peer peer) {
    var payload = new JsonObject().put("word", MARK);
    var job = peer.request("g" + id, "test.marked-job", payload).acknowledgment("g" + id).jobId();
    peer.terminal(job);
    // the same id with another payload
    peer.request("g" + id, "test.marked-job", new JsonObject().put("word", MARK + "2"));
    var broken = peer.request("h" + id, "test.broken-job", new JsonObject().put("word", MARK));
    peer.terminal(broken.acknowledgment("h" + id).jobId());
    var refused = peer.request("i" + id, "test.marked-job", new JsonObject().put("other", MARK));
    refused.answer("i" + id);
    peer.settle();
  }
}
