package io.streamer.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.settings.Document;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedKeysTest {
  private static final String KEYS = "{\"keys\":[]}";

  private final Vertx vertx = Vertx.vertx();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private HttpResponse<String> published(Document keys) throws Exception {
    var http = Router.router(vertx);
    PlainHttp.publish(http, keys);
    var server = vertx.createHttpServer().requestHandler(http).listen(0, "127.0.0.1").await();
    var page = "http://127.0.0.1:" + server.actualPort() + "/.well-known/jwks.json";
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(page)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static void assertThatItIsTheKeys(HttpResponse<String> answer) {
    assertThat(answer.body()).isEqualTo(KEYS);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void aFilesKeysArePublished() throws Exception {
    assertThatItIsTheKeys(
        published(Document.of(Files.writeString(folder.resolve("jwks"), KEYS).toString())));
  }

  @Test
  void keysGivenAsTextArePublished() throws Exception {
    assertThatItIsTheKeys(published(Document.of(KEYS)));
  }
}
