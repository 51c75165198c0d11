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
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * What a push costs a gateway by each of its transports: processor time of a process that pushes to
 * a stub in another one. The transports take turns in each round.
 */
public final class PushCallsMain {
  private static final int WARM = 30_000;
  private static final int ROUNDS = 5;
  private static final int CALLS = 20_000;

  /** As API Gateway's are. */
  private static final String CONNECTION = "L0SM9cOFvHcCIhw=";

  /** A frame of progress. */
  private static final byte[] FRAME =
      ("{\"type\":\"progress\",\"requestId\":\"r-0123456789abcdef\",\"seq\":7,"
              + "\"percent\":42,\"message\":\"half of the rows are read\"}")
          .getBytes(UTF_8);

  private PushCallsMain() {}

  /** Prints a line of JSON for each transport and kind of endpoint. */
  public static void main(String[] args) throws IOException {
    if (args.length == 1) {
      serve();
      return;
    }
    compare(WARM, ROUNDS, CALLS).forEach(System.out::println);
  }

  /**
   * Measures.
   *
   * @param warm pushes to each endpoint by each transport before any counts
   * @param calls to each endpoint by each transport in a round
   * @return for each endpoint and transport the medians over the rounds
   */
  static List<JsonObject> compare(int warm, int rounds, int calls) throws IOException {
    var stub = CallCosts.stub(PushCallsMain.class);
    var vertx = Vertx.vertx();
    var ways = new EnumMap<Transport, Pushes>(Transport.class);
    try (var lines = stub.inputReader(UTF_8)) {
      var address = lines.readLine();
      for (var kind : Transport.values()) {
        ways.put(kind, pushes(vertx, kind, address));
      }
      var context = vertx.getOrCreateContext();
      var figures = new ArrayList<JsonObject>();
      for (var endpoint : List.of("api:main", "node:n1")) {
        ways.values().forEach(it -> CallCosts.round(context, () -> push(it, endpoint), warm));
        var costs = new EnumMap<Transport, List<Double>>(Transport.class);
        for (int i = 0; i < rounds; i++) {
          ways.forEach((kind, pushes) ->
              costs
                  .computeIfAbsent(kind, _ -> new ArrayList<>())
                  .add(CallCosts.round(context, () -> push(pushes, endpoint), calls)));
        }
        costs.forEach((kind, all) -> figures.add(CallCosts.figure(endpoint, kind, all)));
      }
      return figures;
    } finally {
      ways.values().forEach(Pushes::close);
      vertx.close().await();
      stub.destroyForcibly();
    }
  }

  private static Pushes pushes(Vertx vertx, Transport kind, String address) {
    var addresses =
        Addresses.of(
            Map.of("node:n1", URI.create(address), "api:main", URI.create(address + "/live")));
    var keys = StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench"));
    return new Pushes(
        vertx,
        addresses,
        Clients.push(vertx, kind, () -> "bench", "us-east-1", keys),
        Meters.unread());
  }

  private static Future<Void> push(Pushes pushes, String endpoint) {
    return pushes
        .post(endpoint, CONNECTION, FRAME)
        .compose(pushed ->
            switch (pushed) {
              case Pushed.Delivered _ -> Future.succeededFuture();
              case Pushed.Gone _, Pushed.Failed _ -> Future.failedFuture(pushed.toString());
            });
  }

  private static void serve() {
    var server =
        Vertx.vertx()
            .createHttpServer()
            .requestHandler(request -> request.response().end())
            .listen(0, "127.0.0.1")
            .await();
    System.out.println("http://127.0.0.1:" + server.actualPort());
  }
}
