package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.TableDefinition;
import io.streamer.shared.table.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class CreateTablesTest {
  private static LocalTables local;

  @BeforeAll
  static void start() {
    local = LocalTables.onDynamoDbLocal();
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  @Test
  void tablesAreMadeOnceWithTheirIndexesStreamAndExpiry() {
    var tables = new Tables("once");
    CreateTables.create(local.client, tables);
    var made = Tables.definitions().stream().map(definition -> table(tables, definition)).toList();
    CreateTables.create(local.client, tables);
    for (int i = 0; i < made.size(); i++) {
      var definition = Tables.definitions().get(i);
      var table = table(tables, definition);
      assertThat(table.creationDateTime()).isEqualTo(made.get(i).creationDateTime());
      assertThat(table.globalSecondaryIndexes())
          .extracting(GlobalSecondaryIndexDescription::indexName)
          .containsExactlyInAnyOrderElementsOf(
              definition.indexes().stream().map(TableDefinition.Index::name).toList());
      assertThat(table.globalSecondaryIndexes())
          .allSatisfy(index ->
              assertThat(index.projection().projectionType()).isEqualTo(ProjectionType.KEYS_ONLY));
      assertThat(table.streamSpecification() != null).isEqualTo(definition.stream());
      var ttl =
          local
              .client
              .describeTimeToLive(describe -> describe.tableName(tables.name(definition)))
              .timeToLiveDescription();
      assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
      assertThat(ttl.attributeName()).isEqualTo("expiresAt");
    }
    assertThat(made.getFirst().streamSpecification().streamViewType())
        .isEqualTo(StreamViewType.NEW_IMAGE);
  }

  @Test
  void anExpiryThatIsMissingIsSwitchedOn() {
    var tables = new Tables("later");
    var definition = Tables.definitions().getLast();
    CreateTables.create(local.client, tables);
    local.client.updateTimeToLive(update ->
        update
            .tableName(tables.name(definition))
            .timeToLiveSpecification(ttl -> ttl.attributeName("expiresAt").enabled(false)));
    CreateTables.create(local.client, tables);
    assertThat(
            local
                .client
                .describeTimeToLive(describe -> describe.tableName(tables.name(definition)))
                .timeToLiveDescription()
                .timeToLiveStatus())
        .isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void indexesThatATableLacksAreAdded() {
    var tables = new Tables("grown");
    local.client.createTable(create ->
        create
            .tableName(tables.jobs())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName("jobId")
                    .attributeType(ScalarAttributeType.S)
                    .build())
            .keySchema(
                KeySchemaElement.builder().attributeName("jobId").keyType(KeyType.HASH).build()));
    CreateTables.create(local.client, tables);
    var definition = Tables.definitions().getFirst();
    var indexes = table(tables, definition).globalSecondaryIndexes();
    assertThat(indexes)
        .extracting(GlobalSecondaryIndexDescription::indexName)
        .containsExactlyInAnyOrderElementsOf(
            definition.indexes().stream().map(TableDefinition.Index::name).toList());
    assertThat(indexes)
        .allSatisfy(index -> assertThat(index.indexStatus()).isEqualTo(IndexStatus.ACTIVE));
  }

  private static TableDescription table(Tables tables, TableDefinition definition) {
    return local
        .client
        .describeTable(describe -> describe.tableName(tables.name(definition)))
        .table();
  }
}
