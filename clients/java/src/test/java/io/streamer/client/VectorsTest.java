package io.streamer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamer.client.internal.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract's examples are taken as they are. */
class VectorsTest {
  private static final Set<String> OWN_IDS = Set.of("welcome", "pong", "goaway");

  private final Server server = new Server();

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void aFrameIsTakenAsItIs(String name, String text) throws Exception {
    var client = server.connected();
    var frame = Json.frame(text).json();
    var type = frame.path("type").asText();
    var progress = new ArrayList<Progress>();
    var options = new RequestOptions().fetchResult(false).onProgress(progress::add);
    boolean named = frame.has("request_id") && !OWN_IDS.contains(type);
    if (named) {
      options.id(frame.path("request_id").asText());
    }
    var job = client.request("a", 1, options);
    server.loop.settle();
    server.last().give(text);
    server.loop.settle();

    assertThat(client.state()).isInstanceOf(ConnectionState.Open.class);
    if (type.equals("response") && named) {
      assertThat(job.await().toString()).isEqualTo(frame.path("data").toString());
    } else if (type.equals("complete")) {
      var result = frame.has("result_url") ? job.await().path("result_url") : job.await();
      assertThat(result.toString())
          .isEqualTo(frame.path(frame.has("result_url") ? "result_url" : "result").toString());
    } else if (type.equals("error") && named) {
      assertSays(job, frame.path("error"));
    } else if (type.equals("progress")) {
      assertThat(progress.get(0).percentage()).isEqualTo(frame.path("percentage").asDouble());
      assertThat(progress.get(0).message()).isEqualTo(frame.path("message").asText());
      assertThat(progress.get(0).attempt()).isEqualTo(frame.path("attempt").asInt());
    } else {
      assertThat(job.ended()).isFalse();
    }
    if (named && frame.has("seq")) {
      assertThat(job.jobId()).contains(frame.path("job_id").asText());
    }
  }

  private static void assertSays(Job job, JsonNode error) {
    var e = catchThrowableOfType(StreamerException.class, job::await);
    assertThat(e.code()).isEqualTo(error.path("code").asText());
    assertThat(e.reason()).isEqualTo(error.path("message").asText());
    assertThat(e.retryable()).isEqualTo(error.path("retryable").asBoolean());
    assertThat(e.retryAfter().map(java.time.Duration::toMillis).orElse(0L))
        .isEqualTo(error.path("retry_after_ms").asLong());
  }

  static List<Arguments> vectors() throws IOException {
    try (var in =
        VectorsTest.class.getResourceAsStream("/io/streamer/protocol/vectors/golden/server.json")) {
      var all = new ArrayList<Arguments>();
      for (var one : new ObjectMapper().readTree(in)) {
        all.add(Arguments.of(one.path("name").asText(), one.path("frame").asText()));
      }
      assertThat(all).hasSizeGreaterThan(10);
      return all;
    }
  }
}
