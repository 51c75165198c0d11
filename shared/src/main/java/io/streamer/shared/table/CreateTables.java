package io.streamer.shared.table;

import io.streamer.shared.table.TableDefinition.Attribute;
import io.streamer.shared.table.TableDefinition.Index;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.core.waiters.Waiter;
import software.amazon.awssdk.core.waiters.WaiterAcceptor;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Makes the tables where no terraform does: on a developer's machine and in tests. */
public final class CreateTables {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final int MOST_LOOKS = 9_000;

  private CreateTables() {}

  /**
   * Makes what is missing, tables and indexes, and waits until it can be used; nothing that is
   * there is changed or taken away.
   */
  public static void create(DynamoDbClient client, Tables tables) {
    for (var definition : Tables.definitions()) {
      try {
        client.createTable(request(definition, tables.name(definition)));
      } catch (ResourceInUseException _) {
        // made before; its TTL may still be missing
      }
    }
    for (var definition : Tables.definitions()) {
      var name = tables.name(definition);
      try (var waiter = client.waiter()) {
        waiter.waitUntilTableExists(table -> table.tableName(name));
      }
      addIndexes(client, name, definition);
      expire(client, name, definition.ttl());
    }
  }

  /** One after the other: a table takes one new index at a time. */
  private static void addIndexes(DynamoDbClient client, String name, TableDefinition definition) {
    var there =
        client
            .describeTable(table -> table.tableName(name))
            .table()
            .globalSecondaryIndexes()
            .stream()
            .map(GlobalSecondaryIndexDescription::indexName)
            .toList();
    for (var index : definition.indexes()) {
      if (!there.contains(index.name())) {
        client.updateTable(table ->
            table
                .tableName(name)
                .attributeDefinitions(attributes(index.key().attributes().stream()))
                .globalSecondaryIndexUpdates(added(index)));
        awaitIndexes(client, name);
      }
    }
  }

  private static GlobalSecondaryIndexUpdate added(Index index) {
    return GlobalSecondaryIndexUpdate.builder()
        .create(create ->
            create
                .indexName(index.name())
                .keySchema(schema(index.key()))
                .projection(keys -> keys.projectionType(ProjectionType.KEYS_ONLY)))
        .build();
  }

  private static void awaitIndexes(DynamoDbClient client, String name) {
    Waiter.builder(DescribeTableResponse.class)
        .overrideConfiguration(waits ->
            waits
                .maxAttempts(MOST_LOOKS)
                .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(LOOK_EVERY)))
        .addAcceptor(WaiterAcceptor.successOnResponseAcceptor(CreateTables::usable))
        .addAcceptor(WaiterAcceptor.retryOnResponseAcceptor(_ -> true))
        .build()
        .run(() -> client.describeTable(table -> table.tableName(name)));
  }

  private static boolean usable(DescribeTableResponse response) {
    return response.table().tableStatus() == TableStatus.ACTIVE
        && response.table().globalSecondaryIndexes().stream()
            .allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
  }

  private static void expire(DynamoDbClient client, String name, String attribute) {
    var status =
        client
            .describeTimeToLive(table -> table.tableName(name))
            .timeToLiveDescription()
            .timeToLiveStatus();
    if (status != TimeToLiveStatus.ENABLED && status != TimeToLiveStatus.ENABLING) {
      client.updateTimeToLive(table ->
          table
              .tableName(name)
              .timeToLiveSpecification(ttl -> ttl.attributeName(attribute).enabled(true)));
    }
  }

  private static CreateTableRequest request(TableDefinition definition, String name) {
    var request =
        CreateTableRequest.builder()
            .tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                attributes(
                    Stream.concat(
                        definition.key().attributes().stream(),
                        definition.indexes().stream()
                            .flatMap(index -> index.key().attributes().stream()))))
            .keySchema(schema(definition.key()));
    if (!definition.indexes().isEmpty()) {
      request.globalSecondaryIndexes(
          definition.indexes().stream().map(CreateTables::index).toList());
    }
    if (definition.stream()) {
      request.streamSpecification(
          stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE));
    }
    return request.build();
  }

  private static List<AttributeDefinition> attributes(Stream<Attribute> attributes) {
    return attributes
        .distinct()
        .map(attribute ->
            AttributeDefinition.builder()
                .attributeName(attribute.name())
                .attributeType(attribute.number() ? ScalarAttributeType.N : ScalarAttributeType.S)
                .build())
        .toList();
  }

  private static GlobalSecondaryIndex index(Index index) {
    return GlobalSecondaryIndex.builder()
        .indexName(index.name())
        .keySchema(schema(index.key()))
        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
        .build();
  }

  private static List<KeySchemaElement> schema(TableDefinition.Key key) {
    return Stream.concat(
            Stream.of(element(key.partition(), KeyType.HASH)),
            key.sort().stream().map(sort -> element(sort, KeyType.RANGE)))
        .toList();
  }

  private static KeySchemaElement element(Attribute attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute.name()).keyType(type).build();
  }
}
