package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The images, and all parts in containers of their own; minutes long, so only where asked for. */
@Timeout(1_200)
class ComposeTest {
  private static final String ASKED = "STREAMER_COMPOSE_TEST";
  private static final List<String> BASES =
      List.of("maven:3.9-eclipse-temurin-25", "amazon/dynamodb-local:2.6.1");
  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+");
  private static final URI API = URI.create("ws://127.0.0.1:8080/dev");

  private static boolean started;
  private static String token;

  @BeforeAll
  static void up() {
    assumeTrue("true".equals(System.getenv(ASKED)), ASKED + " is not true");
    BASES.forEach(Docker::assumeImage);
    started = true;
    compose("up", "--build", "--wait");
    var hint = TOKEN.matcher(compose("run", "--rm", "-T", "hint"));
    assertThat(hint.find()).isTrue();
    token = hint.group();
  }

  @AfterAll
  static void down() {
    if (started) {
      compose("down", "--volumes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, ws://127.0.0.1:8081/ws",
    "DIRECT, ws://127.0.0.1:8082/ws",
    "API_GATEWAY, ws://127.0.0.1:8080/dev"
  })
  void aJobRunsThroughEachDoor(Door door, URI uri) {
    var id = UUID.randomUUID().toString();
    try (var peer = door.connect(uri, token)) {
      peer.request(id, "echo_async", new JsonObject().put("hello", "world"));
      var end = peer.terminal(peer.acknowledgment(id).jobId());
      assertThat(end.type()).isEqualTo("complete");
    }
  }

  @Test
  void aJobOutlivesAGatewayThatIsKilled() {
    var id = UUID.randomUUID().toString();
    try (var peer = Door.API_GATEWAY.connect(API, token)) {
      peer.request(id, "delay", new JsonObject().put("seconds", 8));
      var job = peer.acknowledgment(id).jobId();
      peer.await("progress", frame -> frame.is("progress") && job.equals(frame.jobId()));
      compose("kill", "gateway-1");
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
    } finally {
      compose("up", "--wait", "gateway-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"streamer-gateway-demo", "streamer-worker-demo", "streamer-local"})
  void noImageHoldsAShellOrDynamoDbLocal(String image) {
    assertThat(files(image))
        .noneMatch(file -> file.endsWith("bin/sh") || file.endsWith("bin/bash"))
        .noneMatch(file -> file.contains("DynamoDBLocal") || file.contains("sqlite4java"))
        .anyMatch(file -> file.endsWith("sbom.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"streamer-gateway-demo", "streamer-worker-demo"})
  void whatIsDeployedHoldsNothingOfTheLocalCloud(String image) {
    assertThat(files(image))
        .noneMatch(file -> file.contains("streamer-local") || file.contains("streamer-cli"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway-1", "worker-job", "api-gateway"})
  void aContainerIsNoRootAndWritesNothing(String service) {
    var id = compose("ps", "-q", service).strip();
    var format = "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}";
    assertThat(Docker.run("docker", "inspect", "-f", format, id).output().strip())
        .isEqualTo("65532:65532 true");
  }

  private static List<String> files(String image) {
    var script = "id=$(docker create " + image + ") && docker export $id | tar -t; docker rm $id";
    return Docker.run("sh", "-c", script).output().lines().toList();
  }

  private static String compose(String... arguments) {
    var command = new ArrayList<>(List.of("docker", "compose", "-p", "streamer-test"));
    command.addAll(List.of(arguments));
    var ran = Docker.run(command.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    return ran.output();
  }
}
