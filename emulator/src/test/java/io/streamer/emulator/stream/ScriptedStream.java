package io.streamer.emulator.stream;

import io.streamer.emulator.aws.Timekeeper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** DynamoDB Streams' four calls over HTTP, for a stream whose shards do as a test says. */
final class ScriptedStream implements AutoCloseable {
  static final String ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/scripted/stream/1";

  private static final class Shard {
    private final String parent;
    private final List<JsonObject> records = new ArrayList<>();
    private int trimmed;
    private boolean closed;

    private Shard(String parent) {
      this.parent = parent;
    }
  }

  private final Timekeeper time;
  private final HttpServer server;
  private final Map<String, Shard> shards = new LinkedHashMap<>();
  private int written;
  private int generation;
  private boolean caughtUp;

  ScriptedStream(Vertx vertx, Timekeeper time) {
    this.time = time;
    this.server = vertx.createHttpServer().requestHandler(this::serve);
    server.listen(0, "127.0.0.1").await();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Opens shards without a parent. */
  synchronized void open(String... ids) {
    for (var id : ids) {
      shards.put(id, new Shard(null));
    }
  }

  /** Closes a shard and opens its children. */
  synchronized void split(String parent, String... children) {
    shards.get(parent).closed = true;
    for (var child : children) {
      shards.put(child, new Shard(parent));
    }
  }

  /** Adds a record of an item that asks to be started, and gives its number. */
  synchronized String write(String shard, String id) {
    var number = String.format("%021d", ++written);
    var key = JsonObject.of("id", JsonObject.of("S", id));
    shards
        .get(shard)
        .records
        .add(
            JsonObject.of(
                "eventID",
                "%032x".formatted(written),
                "eventName",
                "INSERT",
                "eventVersion",
                "1.1",
                "eventSource",
                "aws:dynamodb",
                "awsRegion",
                "us-east-1",
                "dynamodb",
                new JsonObject()
                    .put("ApproximateCreationDateTime", time.now().getEpochSecond())
                    .put("Keys", key)
                    .put("NewImage", key.copy().put("start", JsonObject.of("S", "1")))
                    .put("SequenceNumber", number)
                    .put("SizeBytes", 10)
                    .put("StreamViewType", "NEW_AND_OLD_IMAGES")));
    caughtUp = false;
    return number;
  }

  /** Iterators given out so far are too old. */
  synchronized void expireIterators() {
    generation++;
  }

  /** The oldest records of a shard are gone. */
  synchronized void trim(String shard, int count) {
    shards.get(shard).trimmed = count;
    generation++;
  }

  /** Returns when a read found nothing behind the record written last. */
  synchronized void awaitCaughtUp() throws InterruptedException {
    while (!caughtUp) {
      wait();
    }
  }

  private void serve(HttpServerRequest request) {
    var call = request.getHeader("X-Amz-Target");
    request
        .body()
        .onSuccess(body -> {
          var answer = answer(call.substring(call.indexOf('.') + 1), new JsonObject(body));
          request
              .response()
              .setStatusCode(answer.containsKey("__type") ? 400 : 200)
              .putHeader("Content-Type", "application/x-amz-json-1.0")
              .end(answer.toBuffer());
        });
  }

  private synchronized JsonObject answer(String call, JsonObject input) {
    return switch (call) {
      case "DescribeTable" ->
          JsonObject.of("Table", JsonObject.of("TableName", "scripted", "LatestStreamArn", ARN));
      case "DescribeStream" -> JsonObject.of("StreamDescription", description());
      case "GetShardIterator" -> iterator(input);
      case "GetRecords" -> records(input.getString("ShardIterator"), input.getInteger("Limit"));
      default -> throw new IllegalArgumentException(call);
    };
  }

  private JsonObject description() {
    var listed = new JsonArray();
    shards.forEach((id, shard) -> {
      var described = JsonObject.of("ShardId", id);
      if (shard.parent != null) {
        described.put("ParentShardId", shard.parent);
      }
      listed.add(described);
    });
    return JsonObject.of("StreamArn", ARN, "StreamStatus", "ENABLED", "Shards", listed);
  }

  private JsonObject iterator(JsonObject input) {
    var id = input.getString("ShardId");
    var shard = shards.get(id);
    var position =
        switch (input.getString("ShardIteratorType")) {
          case "TRIM_HORIZON" -> shard.trimmed;
          default -> 1 + place(shard, input.getString("SequenceNumber"));
        };
    return position < shard.trimmed
        ? error("TrimmedDataAccessException")
        : JsonObject.of("ShardIterator", iterator(id, position));
  }

  private static int place(Shard shard, String number) {
    return shard.records.stream()
        .map(record -> record.getJsonObject("dynamodb").getString("SequenceNumber"))
        .toList()
        .indexOf(number);
  }

  private JsonObject records(String iterator, int limit) {
    var parts = iterator.split("/", -1);
    if (Integer.parseInt(parts[1]) != generation) {
      return error("ExpiredIteratorException");
    }
    var shard = shards.get(parts[0]);
    var from = Integer.parseInt(parts[2]);
    var to = Math.min(shard.records.size(), from + limit);
    var answer = JsonObject.of("Records", new JsonArray(shard.records.subList(from, to)).copy());
    if (!shard.closed || to < shard.records.size()) {
      answer.put("NextShardIterator", iterator(parts[0], to));
    }
    if (from == to) {
      caughtUp = true;
      notifyAll();
    }
    return answer;
  }

  private String iterator(String shard, int position) {
    return shard + "/" + generation + "/" + position;
  }

  private static JsonObject error(String type) {
    return JsonObject.of("__type", "com.amazonaws.dynamodb.v20120810#" + type, "message", type);
  }

  @Override
  public void close() {
    server.close().await();
  }
}
