package io.streamer.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches key sets over HTTP; redirects are not followed, since the settings name the host. */
final class JwksClient {
  static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=(\\d{1,9})(?:$|[,\\s])", Pattern.CASE_INSENSITIVE);

  /**
   * What a server said.
   *
   * @param freshFor how long it may be kept, if the server says so
   */
  record Answer(String text, Optional<Duration> freshFor) {}

  private final Vertx vertx;
  private final HttpClient http;
  private final Duration patience;

  /**
   * A client.
   *
   * @param patience for one whole exchange
   */
  JwksClient(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
    // fetches are minutes apart: a connection kept would be one that the server has closed
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(4));
  }

  /**
   * Fails, in words for the log, if there is no answer of status 200 and of bounded size in time.
   */
  Future<Answer> fetch(URI url) {
    var answer = Promise.<Answer>promise();
    // on another thread than the exchange's, an answer may be over before it is listened to
    vertx.runOnContext(_ -> exchange(url).onComplete(answer));
    return answer.future();
  }

  private Future<Answer> exchange(URI url) {
    var wanted =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url.toString())
            .setConnectTimeout(patience.toMillis())
            .putHeader("Accept", "application/jwk-set+json, application/json");
    var opened = http.request(wanted);
    return opened
        .compose(request -> request.send().compose(JwksClient::read))
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> opened.onSuccess(HttpClientRequest::reset));
  }

  private static Future<Answer> read(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("the status is " + response.statusCode());
    }
    var body = Promise.<Buffer>promise();
    var read = Buffer.buffer();
    response
        .handler(chunk -> {
          if (read.length() + chunk.length() > MOST_BYTES) {
            body.tryFail("the answer is larger than 256 KB");
          } else {
            read.appendBuffer(chunk);
          }
        })
        .exceptionHandler(body::tryFail)
        .endHandler(_ -> body.tryComplete(read));
    var freshFor = freshFor(response.getHeader("Cache-Control"));
    return body.future().map(bytes -> new Answer(bytes.toString(StandardCharsets.UTF_8), freshFor));
  }

  private static Optional<Duration> freshFor(@Nullable String cacheControl) {
    if (cacheControl == null) {
      return Optional.empty();
    }
    var age = MAX_AGE.matcher(cacheControl);
    return age.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(age.group(1))))
        : Optional.empty();
  }

  void close() {
    http.close();
  }
}
