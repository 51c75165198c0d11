package io.streamer.soak.bench;

import io.streamer.gateway.Clients;
import io.streamer.gateway.store.StoreTransport;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/** What a call of the store costs a gateway. */
public final class StoreCallsMain extends CallCosts<StoreTransport> {
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
              new Condition.OneOf("status", List.of(Value.of("QUEUED"), Value.of("RUNNING")))));

  StoreCallsMain() {
    super("Get", "Update");
  }

  public static void main(String[] args) throws IOException {
    new StoreCallsMain().run(args);
  }

  @Override
  StoreTransport open(Vertx vertx, Transport transport, String address) {
    return Clients.store(vertx, transport, settings(address), List.of());
  }

  @Override
  void close(StoreTransport store) {
    store.close();
  }

  @Override
  Future<?> call(StoreTransport store, String kind) {
    return store.send(kind.equals("Get") ? GET : UPDATE);
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

  /** A row as a job's is, of some 450 bytes. */
  @Override
  void answer(HttpServerRequest request) {
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
