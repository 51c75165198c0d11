package io.streamer.soak.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.gateway.Clients;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.settings.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What a push costs a gateway, to each kind of endpoint. */
public final class PushCallsMain extends CallCosts<Pushes> {
  /** As API Gateway's are. */
  private static final String CONNECTION = "L0SM9cOFvHcCIhw=";

  /** A frame of progress. */
  private static final byte[] FRAME =
      ("{\"type\":\"progress\",\"requestId\":\"r-0123456789abcdef\",\"seq\":7,"
              + "\"percent\":42,\"message\":\"half of the rows are read\"}")
          .getBytes(UTF_8);

  PushCallsMain() {
    super("api:main", "node:n1");
  }

  public static void main(String[] args) throws IOException {
    new PushCallsMain().run(args);
  }

  @Override
  Pushes open(Vertx vertx, Transport transport, String address) {
    var addresses =
        Addresses.of(
            Map.of("node:n1", URI.create(address), "api:main", URI.create(address + "/live")));
    var keys = StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench"));
    return new Pushes(
        vertx,
        addresses,
        Clients.push(vertx, transport, () -> "bench", "us-east-1", keys),
        Meters.unread());
  }

  @Override
  void close(Pushes pushes) {
    pushes.close();
  }

  @Override
  Future<Void> call(Pushes pushes, String endpoint) {
    return pushes
        .post(endpoint, CONNECTION, FRAME)
        .compose(pushed ->
            switch (pushed) {
              case Pushed.Delivered _ -> Future.succeededFuture();
              case Pushed.Gone _, Pushed.Failed _ -> Future.failedFuture(pushed.toString());
            });
  }

  @Override
  void answer(HttpServerRequest request) {
    request.response().end();
  }
}
