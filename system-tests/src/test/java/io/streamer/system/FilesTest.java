package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files and large results, from the handler to a client that only has a URL. */
@ParameterizedClass
@EnumSource(Door.class)
class FilesTest {
  @Parameter Door door;

  private static final int MOST_INLINE = 102_400;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Stage stage;

  private final String token = Tokens.fresh();

  @BeforeAll
  static void start() {
    stage = LocalStage.start(Map.of("STREAMER_SYNC_THRESHOLD", "100ms"));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void aJobsFileIsFetchedByItsUrlAlone() throws Exception {
    try (var peer = door.connect(stage, token)) {
      var end = end(peer, "test.filed-job", page("Überblick \"1\".csv", "a,b\n1,2\n"));
      fetchedAsWritten(end.result(), "a,b\n1,2\n");
    }
  }

  @Test
  void aFileOfAnAnswerOnTheSpotIsFetchedByItsUrlAlone() throws Exception {
    try (var peer = door.connect(stage, token)) {
      var answer =
          peer.request("r-1", "test.filed", page("Überblick \"1\".csv", "x")).answer("r-1");
      // a slow machine may turn it into a job
      var stored =
          answer.is("acknowledgment") ? peer.terminal(answer.jobId()).result() : answer.data();
      fetchedAsWritten(stored, "x");
    }
  }

  @Test
  void aWriterThatFailsFailsItsRun() {
    try (var peer = door.connect(stage, token)) {
      var end = end(peer, "test.filed-job", page("a.csv", "x").put("fail", true));
      assertThat(end.code()).isEqualTo("PROCESSING_FAILED");
      assertThat(end.error().getJsonObject("details").getString("reason")).isEqualTo("TORN");
    }
  }

  @Test
  void aResultThatFitsAFrameIsInIt() {
    try (var peer = door.connect(stage, token)) {
      var end = end(peer, "test.sized-job", size(MOST_INLINE));
      assertThat(end.result().encode()).hasSize(MOST_INLINE);
      assertThat(end.json().containsKey("result_url")).isFalse();
    }
  }

  @Test
  void aResultThatFitsNoFrameIsFetchedWhereverTheJobIsAskedFor() throws Exception {
    try (var peer = door.connect(stage, token);
        var other = door.connect(stage, token)) {
      var end = end(peer, "test.sized-job", size(MOST_INLINE + 1));
      isFetched(end.json(), MOST_INLINE + 1);
      isFetched(peer.status("r-1").data(), MOST_INLINE + 1);

      other.request("r-1", "test.sized-job", size(MOST_INLINE + 1));
      var again = other.terminal(end.jobId());
      assertThat(again.seq()).isEqualTo(end.seq());
      assertThat(path(again.json())).isEqualTo(path(end.json()));
      isFetched(again.json(), MOST_INLINE + 1);
    }
  }

  @Test
  void aLargeResultOfAnOverrunIsFetchedToo() throws Exception {
    var gate = UUID.randomUUID().toString();
    try (var peer = door.connect(stage, token)) {
      var ack = peer.request("r-1", "test.sized", size(150_000).put("gate", gate)).next();
      assertThat(ack.status()).isEqualTo("running");
      TestActions.open(gate);
      isFetched(peer.terminal(ack.jobId()).json(), 150_000);
      isFetched(peer.status("r-1").data(), 150_000);
    }
  }

  @Test
  void lessMayBeInAFrameByASetting() throws Exception {
    var settings =
        Map.of("STREAMER_INLINE_RESULT_BYTES", "2048", "STREAMER_SYNC_THRESHOLD", "100ms");
    try (var sparing = LocalStage.start(settings);
        var peer = door.connect(sparing, token)) {
      assertThat(end(peer, "test.sized-job", size(2_048)).result().encode()).hasSize(2_048);
      peer.request("r-2", "test.sized-job", size(2_049));
      isFetched(peer.terminal(peer.acknowledgment("r-2").jobId()).json(), 2_049);
      var gate = UUID.randomUUID().toString();
      peer.request("r-3", "test.sized", size(2_049).put("gate", gate));
      var overrun = peer.acknowledgment("r-3").jobId();
      TestActions.open(gate);
      isFetched(peer.terminal(overrun).json(), 2_049);
    }
  }

  @Test
  void aResultOverTheUpperBoundFails() {
    try (var peer = door.connect(stage, token)) {
      var end = end(peer, "test.sized-job", size(64 * 1024 * 1024 + 1));
      assertThat(end.code()).isEqualTo("PROCESSING_FAILED");
      assertThat(end.error().getJsonObject("details").getString("reason"))
          .isEqualTo("RESULT_TOO_LARGE");
    }
  }

  @Test
  void withoutABucketFilesAndLargeResultsAreRefusedWithAReason() {
    try (var bare = LocalStage.start(Map.of("STREAMER_BUCKET", ""));
        var peer = door.connect(bare, token)) {
      var file = end(peer, "test.filed-job", page("a.csv", "x"));
      assertThat(file.error().getJsonObject("details").getString("reason"))
          .isEqualTo("NO_OBJECT_STORE");
      peer.request("r-2", "test.sized-job", size(MOST_INLINE + 1));
      var result = peer.terminal(peer.acknowledgment("r-2").jobId());
      assertThat(result.error().getJsonObject("details").getString("reason"))
          .isEqualTo("RESULT_TOO_LARGE");
    }
  }

  private static Frame end(Peer peer, String action, JsonObject payload) {
    peer.request("r-1", action, payload);
    return peer.terminal(peer.acknowledgment("r-1").jobId());
  }

  private static JsonObject page(String name, String text) {
    return new JsonObject()
        .put("name", name)
        .put("type", "text/csv")
        .put("text", text)
        .put("fail", false);
  }

  private static JsonObject size(int bytes) {
    return new JsonObject().put("bytes", bytes).put("gate", "");
  }

  private static void fetchedAsWritten(JsonObject stored, String text) throws Exception {
    var response = get(stored.getString("url"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(text);
    assertThat(response.headers().firstValue("content-type")).contains("text/csv");
    assertThat(response.headers().firstValue("content-disposition"))
        .contains(
            "attachment; filename=\"_berblick _1_.csv\";"
                + " filename*=UTF-8''%C3%9Cberblick%20%221%22.csv");
    assertThat(stored.getLong("size_bytes")).isEqualTo(text.length());
    assertThat(Instant.parse(stored.getString("expires_at"))).isAfter(Instant.now());
    assertThat(path(stored.getString("url"))).startsWith("/streamer-local/files/");
  }

  private static void isFetched(JsonObject frame, int bytes) throws Exception {
    assertThat(frame.containsKey("result")).isFalse();
    var response = get(frame.getString("result_url"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body()).isEqualTo("{\"x\":\"" + "y".repeat(bytes - 8) + "\"}");
  }

  private static String path(JsonObject frame) {
    return path(frame.getString("result_url"));
  }

  private static String path(String url) {
    return URI.create(url).getPath();
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }
}
