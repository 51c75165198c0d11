package io.streamer.gateway.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task of ECS, with ECS's two ends on loopback. */
class StopWatchTest {
  private static final String ARN = "arn:aws:ecs:eu-west-1:123456789012:task/shop/0123456789abcdef";
  private static final Duration OFTEN = Duration.ofMillis(1);

  private record Answer(int status, String body) {}

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<Answer> names = new ConcurrentLinkedQueue<>();
  private final Queue<JsonObject> asked = new ConcurrentLinkedQueue<>();
  private final Queue<Map<String, List<String>>> headers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger named = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          Answer answer;
          if (exchange.getRequestURI().getPath().equals("/v4/abc/task")) {
            named.incrementAndGet();
            answer = names.poll();
          } else {
            asked.add(new JsonObject(body));
            headers.add(Map.copyOf(exchange.getRequestHeaders()));
            answer = answers.poll();
          }
          // nothing is asked for more often than there are answers
          var said = answer == null ? new Answer(500, "too often") : answer;
          var bytes = said.body().getBytes(UTF_8);
          exchange.sendResponseHeaders(said.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    names.add(task(new JsonObject().put("Cluster", "shop").put("TaskARN", ARN)));
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private static Answer task(JsonObject described) {
    return new Answer(200, described.encode());
  }

  private static Answer wants(String status) {
    var task = new JsonObject().put("taskArn", ARN).put("desiredStatus", status);
    return new Answer(200, new JsonObject().put("tasks", JsonArray.of(task)).encode());
  }

  private Environment environment() {
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    return new Environment(
        Map.of(
            "ECS_CONTAINER_METADATA_URI_V4", address + "/v4/abc",
            "AWS_ENDPOINT_URL_ECS", address,
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret"));
  }

  private void begin(Environment environment, Duration every) {
    StopWatch.begin(
        environment,
        AwsSettings.read(environment),
        every,
        () -> {
          stops.incrementAndGet();
          stopped.countDown();
        });
  }

  private void awaitStop() throws InterruptedException {
    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(stops).hasValue(1);
  }

  @Test
  void aTaskThatEcsWantsStoppedStops() throws Exception {
    answers.addAll(List.of(wants("RUNNING"), wants("RUNNING"), wants("STOPPED")));
    begin(environment(), OFTEN);
    awaitStop();

    assertThat(named).hasValue(1);
    assertThat(asked)
        .hasSize(3)
        .containsOnly(new JsonObject().put("cluster", "shop").put("tasks", JsonArray.of(ARN)));
    assertThat(headers)
        .allSatisfy(sent -> {
          assertThat(sent.get("X-amz-target"))
              .containsExactly("AmazonEC2ContainerServiceV20141113.DescribeTasks");
          assertThat(sent.get("Content-type")).containsExactly("application/x-amz-json-1.1");
          assertThat(sent.get("Authorization").getFirst())
              .startsWith("AWS4-HMAC-SHA256 Credential=id/")
              .contains("/eu-west-1/ecs/aws4_request");
        });
  }

  @Test
  void whateverElseEcsSaysTheTaskStays() throws Exception {
    var others =
        List.of(
            new Answer(400, "{\"__type\":\"AccessDeniedException\"}"),
            new Answer(500, ""),
            new Answer(200, ""),
            new Answer(200, "[]"),
            new Answer(200, "{}"),
            new Answer(200, "{\"tasks\":[],\"failures\":[{\"reason\":\"MISSING\"}]}"),
            new Answer(200, "{\"tasks\":[7]}"),
            new Answer(200, "{\"tasks\":[{}]}"),
            new Answer(200, "{\"tasks\":[{\"desiredStatus\":7}]}"),
            wants("PENDING"));
    answers.addAll(others);
    answers.add(wants("STOPPED"));
    begin(environment(), OFTEN);
    awaitStop();

    // each was an answer, and only the last one ended it
    assertThat(asked).hasSize(others.size() + 1);
  }

  @Test
  void aTaskThatDoesNotKnowItsNameYetAsksAgain() throws Exception {
    var own = names.remove();
    names.addAll(
        List.of(
            new Answer(500, ""),
            task(new JsonObject().put("Cluster", "shop")),
            task(new JsonObject().put("Cluster", 7).put("TaskARN", ARN)),
            own));
    answers.add(wants("STOPPED"));
    begin(environment(), OFTEN);
    awaitStop();

    assertThat(named).hasValue(4);
    assertThat(asked).hasSize(1);
  }

  @Test
  void elsewhereAndWhereItIsToldNotToNobodyLooks() throws Exception {
    begin(environment(), Duration.ZERO);
    begin(new Environment(Map.of("AWS_REGION", "eu-west-1")), OFTEN);
    // one that looks comes after them
    answers.add(wants("STOPPED"));
    begin(environment(), OFTEN);
    awaitStop();

    assertThat(named).hasValue(1);
    assertThat(asked).hasSize(1);
  }
}
