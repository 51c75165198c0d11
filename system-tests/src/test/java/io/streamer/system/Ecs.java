package io.streamer.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * ECS and a load balancer as one task meets them: the task is taken from the balancer, which cuts
 * its sockets after a delay, and gets SIGTERM only then (ECS developer guide, "Task lifecycle").
 */
final class Ecs implements AutoCloseable {
  private static final String ARN = "arn:aws:ecs:us-east-1:123456789012:task/stage/1";

  private final HttpServer server;
  private volatile String desired = "RUNNING";

  Ecs() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var task = new JsonObject().put("Cluster", "stage").put("TaskARN", ARN);
    var container =
        new JsonObject()
            .put(
                "Networks",
                JsonArray.of(new JsonObject().put("IPv4Addresses", JsonArray.of("127.0.0.1"))));
    server.createContext("/v4/task", exchange -> answer(exchange, task));
    server.createContext("/v4", exchange -> answer(exchange, container));
    server.createContext("/", exchange -> answer(exchange, described()));
    server.start();
  }

  /**
   * What a task finds in its environment.
   *
   * @param look how often it looks whether it is to stop; zero for never
   */
  Map<String, String> settings(Duration look) {
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    var settings = new HashMap<String, String>();
    settings.put("ECS_CONTAINER_METADATA_URI_V4", address + "/v4");
    settings.put("AWS_ENDPOINT_URL_ECS", address);
    settings.put("STREAMER_STOP_WATCH", look.toMillis() + "ms");
    // its clients leave within a second
    settings.put("STREAMER_SHUTDOWN_GRACE", "5s");
    return settings;
  }

  /** The task is to go: so far nobody has told it. */
  void replace() {
    desired = "STOPPED";
  }

  private JsonObject described() {
    var task = new JsonObject().put("taskArn", ARN).put("desiredStatus", desired);
    return new JsonObject().put("tasks", JsonArray.of(task));
  }

  private static void answer(HttpExchange exchange, JsonObject body) {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var bytes = body.encode().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
