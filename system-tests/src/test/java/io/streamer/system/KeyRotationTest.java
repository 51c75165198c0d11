package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.local.stage.Stage;
import io.streamer.local.token.DevKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage follows an issuer's keys over HTTP, through the door that everybody uses. */
class KeyRotationTest {
  private static final int CLIENTS = 100;

  @TempDir Path folder;

  private final AtomicInteger fetches = new AtomicInteger();
  private volatile String published = "";

  @Test
  void noneOfAHundredClientsIsRefusedWhileTheKeysRotate()
      throws IOException, InterruptedException, ExecutionException {
    var old = DevKey.at(folder.resolve("old"));
    var fresh = DevKey.at(folder.resolve("fresh"));
    published = set(old);
    var issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/jwks.json",
        exchange -> {
          fetches.incrementAndGet();
          var body = published.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    try (var stage = stage(issuer.getAddress().getPort())) {
      echo(stage, old, "before");
      published = set(old, fresh);

      var clients = new ArrayList<Callable<Void>>();
      for (int i = 0; i < CLIENTS; i++) {
        var key = i % 2 == 0 ? old : fresh;
        var text = "client " + i;
        clients.add(() -> {
          echo(stage, key, text);
          return null;
        });
      }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var client : threads.invokeAll(clients)) {
          client.get();
        }
      }
      assertThat(fetches).as("one at start, one for the new key").hasValue(2);

      var stranger = DevKey.at(folder.resolve("stranger")).sign(Tokens.claims());
      var knock =
          Peer.knock(
              Door.DIRECT,
              stage.direct(),
              builder -> builder.header("Authorization", "Bearer " + stranger));
      assertThat(knock)
          .isInstanceOfSatisfying(
              Peer.Handshake.Refused.class, refused -> assertThat(refused.status()).isEqualTo(401));
      assertThat(fetches).as("the floor between fetches holds").hasValue(2);
    } finally {
      issuer.stop(0);
    }
  }

  private Stage stage(int port) throws IOException {
    var entry =
        new JsonObject()
            .put("issuer", DevKey.ISSUER)
            .put("jwks", "http://127.0.0.1:" + port + "/jwks.json")
            .put("audience", JsonArray.of(DevKey.AUDIENCE))
            .put("algorithms", JsonArray.of("ES256"));
    var file = Files.writeString(folder.resolve("issuers.json"), JsonArray.of(entry).encode());
    return LocalStage.start(Map.of("STREAMER_TOKEN_ISSUERS", file.toString()));
  }

  private static void echo(Stage stage, DevKey key, String text) {
    try (var peer = Door.DIRECT.connect(stage, key.sign(Tokens.claims()))) {
      var answer =
          peer.send(new JsonObject().put("id", "r-1").put("action", "echo").put("payload", text))
              .answer("r-1");
      assertThat(answer.data().getString("echo")).isEqualTo(text);
    }
  }

  private static String set(DevKey... keys) {
    var all = new JsonArray();
    for (var key : keys) {
      all.addAll(new JsonObject(key.jwks()).getJsonArray("keys"));
    }
    return new JsonObject().put("keys", all).encode();
  }
}
