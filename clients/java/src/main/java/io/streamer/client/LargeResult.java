package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.Problem;
import java.io.IOException;
import java.net.URI;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Fetches a large result: without a token, and no more than so many bytes. */
final class LargeResult {
  private static final int TRIES = 3;
  private static final long FIRST_WAIT = 500;

  private final Job.Home home;
  private final long most;
  private final Consumer<Consumer<String>> fresh;

  /**
   * @param fresh asks for a new address, on the loop, where the old one is refused
   */
  LargeResult(Job.Home home, long most, Consumer<Consumer<String>> fresh) {
    this.home = home;
    this.most = most;
    this.fresh = fresh;
  }

  /** Both are told on the loop. */
  void fetch(String url, Consumer<JsonNode> got, BiConsumer<Problem, @Nullable Throwable> failed) {
    fetch(url, 1, got, failed);
  }

  private void fetch(
      String url,
      int turn,
      Consumer<JsonNode> got,
      BiConsumer<Problem, @Nullable Throwable> failed) {
    var address = address(url);
    if (address == null) {
      failed.accept(unavailable(url, "its address is none of http: or https:"), null);
      return;
    }
    var unused =
        home.transport()
            .fetch(address, most)
            .whenComplete((answer, e) ->
                home.loop()
                    .run(() -> {
                      if (answer != null && answer.status() / 100 == 2) {
                        read(url, answer.body(), got, failed);
                      } else if (turn < TRIES) {
                        again(turn, got, failed);
                      } else {
                        var why = answer != null ? "it answers " + answer.status() : "" + e;
                        failed.accept(unavailable(url, "the result cannot be fetched: " + why), e);
                      }
                    }));
  }

  private void again(
      int turn, Consumer<JsonNode> got, BiConsumer<Problem, @Nullable Throwable> failed) {
    var unused =
        home.loop()
            .after(
                Math.round(home.random() * (FIRST_WAIT << (turn - 1))),
                () -> fresh.accept(newUrl -> fetch(newUrl, turn + 1, got, failed)));
  }

  private void read(
      String url,
      byte[] body,
      Consumer<JsonNode> got,
      BiConsumer<Problem, @Nullable Throwable> failed) {
    if (body.length > most) {
      failed.accept(
          Problem.of(
                  StreamerException.RESULT_TOO_LARGE, "the result has more than " + most + " bytes")
              .with("result_url", url),
          null);
      return;
    }
    JsonNode value;
    try {
      value = Json.tree(body);
    } catch (IOException e) {
      failed.accept(unavailable(url, "the result is not JSON"), e);
      return;
    }
    got.accept(value);
  }

  private static Problem unavailable(String url, String why) {
    return Problem.of(StreamerException.RESULT_UNAVAILABLE, why)
        .retryable(true)
        .with("result_url", url);
  }

  private static @Nullable URI address(String url) {
    try {
      var address = new URI(url);
      var scheme = String.valueOf(address.getScheme());
      return scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http") ? address : null;
    } catch (java.net.URISyntaxException e) {
      return null;
    }
  }
}
