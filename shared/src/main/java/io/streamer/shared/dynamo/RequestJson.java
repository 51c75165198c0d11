package io.streamer.shared.dynamo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.streamer.shared.protocol.ExactBytes;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Expressions;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** A request on the wire. */
public final class RequestJson {
  private final String operation;
  private final byte[] body;

  private RequestJson(String operation, byte[] body) {
    this.operation = operation;
    this.body = body;
  }

  /**
   * Writes a request that is one call. Several queries are as many calls: whoever sends them takes
   * each by itself.
   *
   * @throws IllegalArgumentException if they come as one
   */
  public static RequestJson of(StoreRequest request) {
    return new RequestJson(operation(request), body(request));
  }

  /** As the header {@code X-Amz-Target} ends. */
  public String operation() {
    return operation;
  }

  /** JSON in UTF-8; not a copy, and not to be changed. */
  public byte[] body() {
    return body;
  }

  private static String operation(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Get _ -> "GetItem";
      case StoreRequest.Put _ -> "PutItem";
      case StoreRequest.Update _ -> "UpdateItem";
      case StoreRequest.Delete _ -> "DeleteItem";
      case StoreRequest.Query _, StoreRequest.Range _ -> "Query";
      case StoreRequest.Scan _ -> "Scan";
      case StoreRequest.Batch _ -> "BatchGetItem";
      case StoreRequest.Writes _ -> "BatchWriteItem";
      case StoreRequest.Queries _ -> throw new IllegalArgumentException("several are no one call");
    };
  }

  private static byte[] body(StoreRequest request) {
    var bytes = new ExactBytes();
    try (var json = ItemJson.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      write(json, request);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a request is written into memory", e);
    }
    return bytes.bytes();
  }

  private static void write(JsonGenerator json, StoreRequest request) throws IOException {
    switch (request) {
      case StoreRequest.Get get -> {
        json.writeStringField("TableName", get.table());
        item(json, "Key", get.key());
        json.writeBooleanField("ConsistentRead", get.consistent());
      }
      case StoreRequest.Put put -> {
        json.writeStringField("TableName", put.table());
        item(json, "Item", put.item());
        var expressions = new Expressions();
        conditions(json, expressions, put.conditions());
        placeholders(json, expressions);
      }
      case StoreRequest.Update update -> {
        json.writeStringField("TableName", update.table());
        item(json, "Key", update.key());
        var expressions = new Expressions();
        json.writeStringField("UpdateExpression", expressions.update(update));
        conditions(json, expressions, update.conditions());
        placeholders(json, expressions);
        json.writeStringField("ReturnValues", "ALL_NEW");
      }
      case StoreRequest.Delete delete -> {
        json.writeStringField("TableName", delete.table());
        item(json, "Key", delete.key());
        json.writeStringField("ReturnValues", "ALL_OLD");
      }
      case StoreRequest.Query query -> {
        json.writeStringField("TableName", query.table());
        json.writeStringField("IndexName", query.index());
        var expressions = new Expressions();
        json.writeStringField(
            "KeyConditionExpression", expressions.equal(query.attribute(), query.value()));
        placeholders(json, expressions);
        json.writeBooleanField("ScanIndexForward", false);
        json.writeNumberField("Limit", query.limit());
        after(json, query.after());
      }
      case StoreRequest.Range range -> {
        json.writeStringField("TableName", range.table());
        if (range.index().isPresent()) {
          json.writeStringField("IndexName", range.index().get());
        }
        var expressions = new Expressions();
        json.writeStringField(
            "KeyConditionExpression",
            expressions.equal(range.attribute(), range.value())
                + " AND "
                + expressions.between(range.sort(), range.from(), range.to()));
        placeholders(json, expressions);
        json.writeBooleanField("ConsistentRead", range.consistent());
        json.writeNumberField("Limit", range.limit());
        after(json, range.after());
      }
      case StoreRequest.Scan scan -> {
        json.writeStringField("TableName", scan.table());
        after(json, scan.after());
      }
      case StoreRequest.Batch batch -> {
        json.writeObjectFieldStart("RequestItems");
        json.writeObjectFieldStart(batch.table());
        json.writeArrayFieldStart("Keys");
        for (var key : batch.keys()) {
          ItemJson.write(json, key);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
      }
      case StoreRequest.Writes writes -> {
        json.writeObjectFieldStart("RequestItems");
        json.writeArrayFieldStart(writes.table());
        for (var item : writes.put()) {
          one(json, "PutRequest", "Item", item);
        }
        for (var key : writes.delete()) {
          one(json, "DeleteRequest", "Key", key);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      case StoreRequest.Queries _ -> throw new IllegalArgumentException("several are no one call");
    }
  }

  private static void item(JsonGenerator json, String name, Item item) throws IOException {
    json.writeFieldName(name);
    ItemJson.write(json, item);
  }

  private static void one(JsonGenerator json, String kind, String name, Item item)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(kind);
    item(json, name, item);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void conditions(
      JsonGenerator json, Expressions expressions, List<Condition> conditions) throws IOException {
    var text = expressions.conditions(conditions);
    if (text != null) {
      json.writeStringField("ConditionExpression", text);
    }
    json.writeStringField("ReturnValuesOnConditionCheckFailure", text == null ? "NONE" : "ALL_OLD");
  }

  /** Once everything else of the request has its placeholders. */
  private static void placeholders(JsonGenerator json, Expressions expressions) throws IOException {
    var names = expressions.names();
    if (names != null) {
      json.writeObjectFieldStart("ExpressionAttributeNames");
      for (var name : names.entrySet()) {
        json.writeStringField(name.getKey(), name.getValue());
      }
      json.writeEndObject();
    }
    var values = expressions.values();
    if (values != null) {
      json.writeFieldName("ExpressionAttributeValues");
      ItemJson.write(json, values);
    }
  }

  private static void after(JsonGenerator json, Optional<Item> after) throws IOException {
    if (after.isPresent()) {
      item(json, "ExclusiveStartKey", after.get());
    }
  }
}
