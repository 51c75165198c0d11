package io.streamer.system;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A stage's feed, asked as the console's page asks. */
record FeedClient(URI base) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final long PATIENCE_SECONDS = 30;

  static FeedClient of(Stage stage) {
    return new FeedClient(stage.console().resolve("/console/feed/"));
  }

  record Answer(int status, JsonObject json) {
    String code() {
      return json.getJsonObject("error").getString("code");
    }
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(base.resolve(path)));
  }

  /** As the page's own script does it. */
  Answer post(String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(base.resolve(path))
            .header("Sec-Fetch-Site", "same-origin")
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = HTTP.send(request.build(), BodyHandlers.ofString());
    return new Answer(answer.statusCode(), new JsonObject(answer.body()));
  }

  /** The rows that are meant. */
  List<JsonObject> rows(String query) throws IOException, InterruptedException {
    return get("jobs?" + query).json().getJsonArray("jobs").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  /** One that watches. */
  Live watch() throws IOException, InterruptedException {
    return new Live(base.resolve("live"));
  }

  /** What a watcher is told; the newest state of each job, as it comes. */
  static final class Live implements AutoCloseable {
    private final BlockingQueue<JsonObject> rows = new LinkedBlockingQueue<>();
    private final Thread reader;

    private Live(URI uri) throws IOException, InterruptedException {
      var answer =
          HTTP.send(
              HttpRequest.newBuilder(uri).header("Accept", "text/event-stream").build(),
              BodyHandlers.ofLines());
      reader =
          Thread.ofVirtual()
              .start(() -> {
                try (var lines = answer.body()) {
                  lines
                      .filter(line -> line.startsWith("data: {\"jobs\":"))
                      .map(line -> new JsonObject(line.substring("data: ".length())))
                      .forEach(told ->
                          told.getJsonArray("jobs").forEach(row -> rows.add((JsonObject) row)));
                }
              });
    }

    /** The first row that is wanted. */
    JsonObject await(Predicate<JsonObject> wanted) throws InterruptedException {
      while (true) {
        var row = rows.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (row == null) {
          throw new AssertionError("it was not told");
        }
        if (wanted.test(row)) {
          return row;
        }
      }
    }

    /** The first row of a job in this state. */
    JsonObject await(String job, String status) throws InterruptedException {
      return await(
          row -> row.getString("job_id").equals(job) && row.getString("status").equals(status));
    }

    @Override
    public void close() {
      reader.interrupt();
    }
  }
}
