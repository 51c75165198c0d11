package io.streamer.system;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A look into a stage's tables, past all of our own code. */
public final class Store implements AutoCloseable {
  private final DynamoDbClient dynamo;
  private final String prefix;

  Store(Stage stage) {
    this.dynamo = LocalAws.dynamo(stage.dynamo());
    this.prefix = stage.tablePrefix();
  }

  /** The job's row; empty if there is none. */
  Map<String, AttributeValue> job(String jobId) {
    return dynamo
        .getItem(r ->
            r.tableName(prefix + "-jobs")
                .key(Map.of("jobId", AttributeValue.fromS(jobId)))
                .consistentRead(true))
        .item();
  }

  /** The job's result wherever it stands, as text. */
  String resultOf(String jobId) {
    var row = job(jobId);
    var run = jobId + "#" + row.get("run").s();
    var parts =
        dynamo.query(r ->
            r.tableName(prefix + "-job_data")
                .keyConditionExpression("#job = :job")
                .expressionAttributeNames(Map.of("#job", "job"))
                .expressionAttributeValues(Map.of(":job", AttributeValue.fromS(run)))
                .consistentRead(true));
    var all = new HashMap<>(row);
    parts.items().forEach(part -> all.put(part.get("part").s(), AttributeValue.fromM(part)));
    return all.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("result"))
        .map(entry -> text(entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  /** Returns when nobody who watched has to be told of the job's end any more. */
  void awaitDelivered(String jobId) {
    Until.matches(
        "its end was told",
        () -> job(jobId),
        row -> !row.containsKey("dueAt") || row.containsKey("told"));
  }

  /** The connections that subscribe to the job. */
  List<String> subscriptions(String jobId) {
    var topic = "job#" + jobId;
    return dynamo
        .query(r ->
            r.tableName(prefix + "-subscriptions")
                .keyConditionExpression("#topic = :topic")
                .expressionAttributeNames(Map.of("#topic", "topic"))
                .expressionAttributeValues(Map.of(":topic", AttributeValue.fromS(topic)))
                .consistentRead(true))
        .items()
        .stream()
        .map(row -> row.get("connectionId").s())
        .toList();
  }

  void putSubscription(String topic, String connectionId) {
    dynamo.putItem(r ->
        r.tableName(prefix + "-subscriptions")
            .item(
                Map.of(
                    "topic", AttributeValue.fromS(topic),
                    "connectionId", AttributeValue.fromS(connectionId))));
  }

  void awaitNoSubscriptions(String jobId) {
    Until.matches("it has no subscription", () -> subscriptions(jobId), List::isEmpty);
  }

  /** Has somebody else take the job, as after a lost lease. */
  void takeJob(String jobId) {
    dynamo.updateItem(r ->
        r.tableName(prefix + "-jobs")
            .key(Map.of("jobId", AttributeValue.fromS(jobId)))
            .updateExpression("SET #status = :failed ADD #epoch :one")
            .expressionAttributeNames(Map.of("#status", "status", "#epoch", "epoch"))
            .expressionAttributeValues(
                Map.of(
                    ":failed", AttributeValue.fromS("FAILED"), ":one", AttributeValue.fromN("1"))));
  }

  void removeJob(String jobId) {
    dynamo.deleteItem(
        r -> r.tableName(prefix + "-jobs").key(Map.of("jobId", AttributeValue.fromS(jobId))));
  }

  /** Writes into the jobs table what none of our own code would. */
  void putJob(Map<String, AttributeValue> row) {
    dynamo.putItem(r -> r.tableName(prefix + "-jobs").item(row));
  }

  /** The connection's row; empty if there is none. */
  Map<String, AttributeValue> connection(String id) {
    var key = Map.of("connectionId", AttributeValue.fromS(id));
    return dynamo
        .getItem(r -> r.tableName(prefix + "-connections").key(key).consistentRead(true))
        .item();
  }

  /** Writes a connection's row a second time, for an id that no socket has. */
  void copyConnection(String id, String copyId) {
    var row =
        new HashMap<>(
            Until.matches("it has its row", () -> connection(id), there -> !there.isEmpty()));
    row.put("connectionId", AttributeValue.fromS(copyId));
    row.put("since", AttributeValue.fromS(row.get("since").s().replace(id, copyId)));
    dynamo.putItem(r -> r.tableName(prefix + "-connections").item(row));
  }

  /** The same for several, that have connected later. */
  void copyConnection(String id, String prefixOfIds, int number) {
    var row = Until.matches("it has its row", () -> connection(id), there -> !there.isEmpty());
    for (int i = 0; i < number; i++) {
      var copyId = prefixOfIds + i;
      var at = Long.parseLong(row.get("connectedAt").n()) + 1 + i;
      var copy = new HashMap<>(row);
      copy.put("connectionId", AttributeValue.fromS(copyId));
      copy.put("connectedAt", AttributeValue.fromN(Long.toString(at)));
      copy.put("since", AttributeValue.fromS("%019d#%s".formatted(at, copyId)));
      dynamo.putItem(r -> r.tableName(prefix + "-connections").item(copy));
    }
  }

  private static String text(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s();
      case B -> value.b().asUtf8String();
      case M -> value.m().values().stream().map(Store::text).collect(Collectors.joining("\n"));
      default -> value.toString();
    };
  }

  @Override
  public void close() {
    dynamo.close();
  }
}
