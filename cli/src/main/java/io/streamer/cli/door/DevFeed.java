package io.streamer.cli.door;

import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the running dev stage says of itself and of its jobs, as its console hears it. */
record DevFeed(URI console) {
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** That of the stage that was started last and still runs. */
  static Optional<DevFeed> find(Path home) {
    return new DevAddress(home).running().map(DevFeed::consoleOf).map(DevFeed::new);
  }

  /** The console of the stage with this direct door. */
  static URI consoleOf(URI direct) {
    return URI.create("http://" + direct.getHost() + ":" + direct.getPort() + "/");
  }

  /**
   * The rows of jobs, the newest first.
   *
   * @param wanted what the feed takes to choose by
   * @throws SettingsException if the stage does not answer
   */
  JsonObject jobs(Map<String, String> wanted) {
    var query =
        wanted.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return get("console/feed/jobs?" + query);
  }

  /** The names of the actions it serves; none if it does not answer. */
  List<String> actions() {
    try {
      return get("console/feed/stage").getJsonArray("actions", new JsonArray()).stream()
          .map(String::valueOf)
          .toList();
    } catch (SettingsException _) {
      return List.of();
    }
  }

  /** Every permission that some action of it needs; none if it does not answer. */
  List<String> permissions() {
    try {
      return described().stream()
          .flatMap(action -> action.getJsonArray("needs", new JsonArray()).stream())
          .map(String::valueOf)
          .distinct()
          .sorted()
          .toList();
    } catch (SettingsException _) {
      return List.of();
    }
  }

  /**
   * The actions it serves, each with its payload's JSON Schema.
   *
   * @throws SettingsException if the stage does not answer
   */
  List<JsonObject> described() {
    return get("console/actions.json").getJsonArray("actions", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private JsonObject get(String path) {
    var request = HttpRequest.newBuilder(console.resolve(path)).timeout(LONGEST).build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());
      var json = new JsonObject(answer.body());
      if (answer.statusCode() == 200) {
        return json;
      }
      throw unanswered(json.getJsonObject("error", new JsonObject()).getString("message", ""));
    } catch (IOException | DecodeException e) {
      throw unanswered(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw unanswered("interrupted");
    }
  }

  private SettingsException unanswered(String why) {
    return new SettingsException("the stage at " + console + " does not answer: " + why);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
