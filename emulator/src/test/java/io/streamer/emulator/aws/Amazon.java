package io.streamer.emulator.aws;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** A table to try the local endpoints on. */
public final class Amazon {
  public static final Path JARS = Path.of("../local/dynamodb-local/target/jars");

  private Amazon() {}

  /** A table keyed by {@code id}, with a stream of both images. */
  public static void createTable(DynamoDbClient client, String name) {
    client.createTable(r ->
        r.tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build())
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName("id")
                    .attributeType(ScalarAttributeType.S)
                    .build())
            .streamSpecification(
                s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
  }

  public static void put(
      DynamoDbClient client, String table, String id, Map<String, AttributeValue> attributes) {
    client.putItem(r -> r.tableName(table).item(item(id, attributes)));
  }

  public static Map<String, AttributeValue> item(
      String id, Map<String, AttributeValue> attributes) {
    var item = new HashMap<>(attributes);
    item.put("id", s(id));
    return item;
  }

  public static AttributeValue s(String value) {
    return AttributeValue.fromS(value);
  }
}
