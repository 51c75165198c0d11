package io.streamer.emulator.fault;

import io.streamer.shared.table.TableDefinition;
import io.streamer.shared.table.Tables;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request to DynamoDB.
 *
 * @param operation such as {@code UpdateItem}
 * @param tables without the deployment's prefix, such as {@code job_data}; several in a batch
 * @param sender who sent it
 * @param body as DynamoDB's API defines it
 */
public record StoreCall(String operation, Set<String> tables, Sender sender, JsonObject body) {
  /** DynamoDB's operations that change items. */
  static final List<String> WRITES =
      List.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");

  /** DynamoDB's operations on items. */
  static final List<String> OPERATIONS =
      Stream.concat(
              WRITES.stream(),
              Stream.of("GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"))
          .toList();

  private static final Pattern ASSIGNED = Pattern.compile("(#?\\w+) = (:\\w+)");

  /** Reads a request. */
  public static StoreCall read(String operation, Sender sender, JsonObject body) {
    return new StoreCall(operation, tables(body), sender, body);
  }

  /** Whether the operation changes items. */
  public static boolean isWrite(String operation) {
    return WRITES.contains(operation);
  }

  public boolean isWrite() {
    return isWrite(operation);
  }

  /** Whether it goes to this table, without the prefix. */
  public boolean to(String table) {
    return tables.contains(table);
  }

  /**
   * What a PutItem or an UpdateItem writes into an attribute, text and numbers as text; empty if it
   * leaves it alone or removes it.
   */
  public Optional<String> sets(String attribute) {
    var value =
        operation.equals("PutItem")
            ? Optional.ofNullable(object(body, "Item").getJsonObject(attribute))
            : assigned(attribute);
    return value
        .flatMap(typed -> typed.stream().map(Map.Entry::getValue).findFirst())
        .map(Object::toString);
  }

  /** Whether it writes this value into the attribute. */
  public boolean sets(String attribute, String value) {
    return sets(attribute).filter(value::equals).isPresent();
  }

  private Optional<JsonObject> assigned(String attribute) {
    var names = object(body, "ExpressionAttributeNames");
    var values = object(body, "ExpressionAttributeValues");
    var pairs = ASSIGNED.matcher(body.getString("UpdateExpression", ""));
    return pairs
        .results()
        .filter(pair -> names.getString(pair.group(1), pair.group(1)).equals(attribute))
        .findFirst()
        .map(pair -> values.getJsonObject(pair.group(2)));
  }

  private static Set<String> tables(JsonObject body) {
    var single = Stream.ofNullable(body.getString("TableName"));
    var batch = object(body, "RequestItems").fieldNames().stream();
    var transaction =
        body.getJsonArray("TransactItems", new JsonArray()).stream()
            .flatMap(item ->
                item instanceof JsonObject of
                    ? of.stream().map(Map.Entry::getValue)
                    : Stream.empty())
            .flatMap(step ->
                step instanceof JsonObject of
                    ? Stream.ofNullable(of.getString("TableName"))
                    : Stream.empty());
    return Stream.of(single, batch, transaction)
        .flatMap(it -> it)
        .map(StoreCall::withoutPrefix)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String withoutPrefix(String table) {
    List<TableDefinition> ours = Tables.definitions();
    return ours.stream()
        .map(TableDefinition::name)
        .filter(name -> table.endsWith("-" + name))
        .findFirst()
        .orElse(table);
  }

  private static JsonObject object(JsonObject in, String name) {
    return in.getJsonObject(name, new JsonObject());
  }
}
