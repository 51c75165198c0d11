package io.streamer.soak.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.gateway.Clients;
import io.streamer.gateway.store.StoreTransport;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Value;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What a call of the store costs a gateway by each of its transports: processor time of a process
 * that asks a stub in another one. The transports take turns in each round.
 */
public final class StoreCallsMain {
  private static final int WARM = 30_000;
  private static final int ROUNDS = 5;
  private static final int CALLS = 20_000;

  private static final Item KEY = Item.of("jobId", "acme.ann.0123456789abcdef");
  private static final StoreRequest GET = new StoreRequest.Get("t", KEY, true);
  private static final StoreRequest UPDATE =
      new StoreRequest.Update(
          "t",
          KEY,
          Map.of("status", Value.of("RUNNING"), "epoch", Value.of(4), "message", Value.of("half")),
          Set.of("start"),
          List.of(
              new Condition.Equal("epoch", Value.of(3)),
              new Condition.OneOf("status", Set.of(Value.of("QUEUED"), Value.of("RUNNING")))));

  private StoreCallsMain() {}

  /** Prints a line of JSON for each transport and kind of call. */
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
   * @param warm calls of each kind by each transport before any counts
   * @param calls of each kind by each transport in a round
   * @return for each kind of call and transport the medians over the rounds
   */
  static List<JsonObject> compare(int warm, int rounds, int calls) throws IOException {
    var stub = CallCosts.stub(StoreCallsMain.class);
    var vertx = Vertx.vertx();
    var transports = new EnumMap<Transport, StoreTransport>(Transport.class);
    try (var lines = stub.inputReader(UTF_8)) {
      var settings = settings(lines.readLine());
      for (var kind : Transport.values()) {
        transports.put(kind, Clients.store(vertx, kind, settings, List.of()));
      }
      var context = vertx.getOrCreateContext();
      var figures = new ArrayList<JsonObject>();
      for (var call : List.of(GET, UPDATE)) {
        transports.values().forEach(it -> CallCosts.round(context, () -> it.send(call), warm));
        var costs = new EnumMap<Transport, List<Double>>(Transport.class);
        for (int i = 0; i < rounds; i++) {
          transports.forEach((kind, transport) ->
              costs
                  .computeIfAbsent(kind, _ -> new ArrayList<>())
                  .add(CallCosts.round(context, () -> transport.send(call), calls)));
        }
        costs.forEach((kind, all) ->
            figures.add(CallCosts.figure(call.getClass().getSimpleName(), kind, all)));
      }
      return figures;
    } finally {
      transports.values().forEach(StoreTransport::close);
      vertx.close().await();
      stub.destroyForcibly();
    }
  }

  private static AwsSettings settings(String address) {
    return AwsSettings.read(
        new Environment(
            Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "bench",
                "AWS_SECRET_ACCESS_KEY", "bench",
                "AWS_ENDPOINT_URL_DYNAMODB", address)));
  }

  private static void serve() {
    var server =
        Vertx.vertx()
            .createHttpServer()
            .requestHandler(StoreCallsMain::answer)
            .listen(0, "127.0.0.1")
            .await();
    System.out.println("http://127.0.0.1:" + server.actualPort());
  }

  /** A row as a job's is, of some 450 bytes. */
  private static void answer(HttpServerRequest request) {
    var of = String.valueOf(request.getHeader("X-Amz-Target")).endsWith("GetItem");
    var row = new JsonObject();
    for (var name : List.of("jobId", "action", "owner", "endpoint", "status", "message", "run")) {
      row.put(name, new JsonObject().put("S", name + "-0123456789abcdef"));
    }
    for (var name : List.of("epoch", "seq", "createdAt", "dueAt")) {
      row.put(name, new JsonObject().put("N", "1777777777777"));
    }
    var body = new JsonObject().put(of ? "Item" : "Attributes", row).toBuffer();
    var sum = new CRC32();
    sum.update(body.getBytes());
    request
        .response()
        .putHeader("Content-Type", "application/x-amz-json-1.0")
        .putHeader("x-amz-crc32", Long.toString(sum.getValue()))
        .end(body);
  }
}
