package io.streamer.shared.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Sends one {@link StoreRequest} by the AWS SDK and reads what comes back. */
public final class SdkRequests {
  private SdkRequests() {}

  /**
   * Sends and waits.
   *
   * @throws StoreUnavailableException if the tables are out of reach or take no more now
   */
  public static Answer send(DynamoDbClient client, StoreRequest request) {
    try {
      return switch (request) {
        case StoreRequest.Get get -> answer(client.getItem(write(get)));
        case StoreRequest.Put put -> {
          client.putItem(write(put));
          yield new Answer.Row(Optional.empty());
        }
        case StoreRequest.Update update -> answer(client.updateItem(write(update)));
        case StoreRequest.Delete delete -> answer(client.deleteItem(write(delete)));
        case StoreRequest.Query query -> answer(client.query(write(query)));
        case StoreRequest.Range range -> answer(client.query(write(range)));
        case StoreRequest.Scan scan -> answer(client.scan(write(scan)));
        case StoreRequest.Batch batch -> {
          pause(batch);
          yield answer(batch, client.batchGetItem(write(batch)));
        }
        case StoreRequest.Queries several ->
            Answer.Rows.together(
                several.queries().stream().map(query -> answer(client.query(write(query)))));
        case StoreRequest.Writes writes -> answer(writes, client.batchWriteItem(write(writes)));
      };
    } catch (RuntimeException e) {
      return refused(e);
    }
  }

  /**
   * Sends; completes on whichever thread the client completes on, with {@link
   * StoreUnavailableException} if the tables are out of reach or take no more now.
   */
  public static CompletableFuture<Answer> send(DynamoDbAsyncClient client, StoreRequest request) {
    CompletableFuture<Answer> answer =
        switch (request) {
          case StoreRequest.Get get -> client.getItem(write(get)).thenApply(SdkRequests::answer);
          case StoreRequest.Put put ->
              client.putItem(write(put)).thenApply(_ -> new Answer.Row(Optional.empty()));
          case StoreRequest.Update update ->
              client.updateItem(write(update)).thenApply(SdkRequests::answer);
          case StoreRequest.Delete delete ->
              client.deleteItem(write(delete)).thenApply(SdkRequests::answer);
          case StoreRequest.Query query ->
              client.query(write(query)).thenApply(SdkRequests::answer);
          case StoreRequest.Range range ->
              client.query(write(range)).thenApply(SdkRequests::answer);
          case StoreRequest.Scan scan -> client.scan(write(scan)).thenApply(SdkRequests::answer);
          case StoreRequest.Batch batch ->
              paused(batch)
                  .thenCompose(_ -> client.batchGetItem(write(batch)))
                  .thenApply(rows -> answer(batch, rows));
          case StoreRequest.Queries several -> each(client, several);
          case StoreRequest.Writes writes ->
              client.batchWriteItem(write(writes)).thenApply(left -> answer(writes, left));
        };
    return answer.exceptionally(SdkRequests::refused);
  }

  private static void pause(StoreRequest.Batch batch) {
    try {
      Thread.sleep(batch.jittered());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("a batch's pause was interrupted", e);
    }
  }

  private static CompletableFuture<Void> paused(StoreRequest.Batch batch) {
    var done = new CompletableFuture<Void>();
    return batch.pause().isZero()
        ? CompletableFuture.completedFuture(null)
        : done.completeOnTimeout(null, batch.jittered().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** All are under way together. */
  private static CompletableFuture<Answer> each(
      DynamoDbAsyncClient client, StoreRequest.Queries several) {
    var answers =
        several.queries().stream()
            .map(query -> client.query(write(query)).thenApply(SdkRequests::answer))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> Answer.Rows.together(answers.stream().map(CompletableFuture::join)));
  }

  /** A refusal is an answer; everything else is thrown, trouble on the way under its own name. */
  private static Answer refused(Throwable thrown) {
    return switch (thrown) {
      case CompletionException e when e.getCause() != null -> refused(e.getCause());
      case ConditionalCheckFailedException e ->
          new Answer.Refused(
              e.hasItem() ? Optional.of(SdkValues.read(e.item())) : Optional.empty());
      case DynamoDbException e when passing(e) ->
          throw unavailable(String.valueOf(e.getMessage()), e);
      case SdkClientException e -> throw unavailable(SdkTrouble.of(e), e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("the SDK throws unchecked only", e);
    };
  }

  private static boolean passing(DynamoDbException e) {
    // control-plane limits and throttling say 400, as a request that can never work does
    return e.statusCode() >= 500
        || e.statusCode() == 429
        || e.isThrottlingException()
        || e instanceof LimitExceededException;
  }

  private static StoreUnavailableException unavailable(String why, RuntimeException e) {
    return new StoreUnavailableException("the tables cannot be used now: " + why, e);
  }

  private static ReturnValuesOnConditionCheckFailure onRefusal(List<Condition> conditions) {
    return conditions.isEmpty()
        ? ReturnValuesOnConditionCheckFailure.NONE
        : ReturnValuesOnConditionCheckFailure.ALL_OLD;
  }

  static GetItemRequest write(StoreRequest.Get get) {
    return GetItemRequest.builder()
        .tableName(get.table())
        .key(SdkValues.write(get.key()))
        .consistentRead(get.consistent())
        .build();
  }

  static PutItemRequest write(StoreRequest.Put put) {
    var expressions = new Expressions();
    return PutItemRequest.builder()
        .tableName(put.table())
        .item(SdkValues.write(put.item()))
        .conditionExpression(expressions.conditions(put.conditions()))
        .expressionAttributeNames(expressions.names())
        .expressionAttributeValues(SdkValues.writeIfAny(expressions.values()))
        .returnValuesOnConditionCheckFailure(onRefusal(put.conditions()))
        .build();
  }

  static UpdateItemRequest write(StoreRequest.Update update) {
    var expressions = new Expressions();
    return UpdateItemRequest.builder()
        .tableName(update.table())
        .key(SdkValues.write(update.key()))
        .updateExpression(expressions.update(update))
        .conditionExpression(expressions.conditions(update.conditions()))
        .expressionAttributeNames(expressions.names())
        .expressionAttributeValues(SdkValues.writeIfAny(expressions.values()))
        .returnValues(ReturnValue.ALL_NEW)
        .returnValuesOnConditionCheckFailure(onRefusal(update.conditions()))
        .build();
  }

  static DeleteItemRequest write(StoreRequest.Delete delete) {
    return DeleteItemRequest.builder()
        .tableName(delete.table())
        .key(SdkValues.write(delete.key()))
        .returnValues(ReturnValue.ALL_OLD)
        .build();
  }

  static QueryRequest write(StoreRequest.Query query) {
    var expressions = new Expressions();
    var request =
        QueryRequest.builder()
            .tableName(query.table())
            .indexName(query.index())
            .keyConditionExpression(expressions.equal(query.attribute(), query.value()))
            .expressionAttributeNames(expressions.names())
            .expressionAttributeValues(SdkValues.writeIfAny(expressions.values()))
            .scanIndexForward(false)
            .limit(query.limit());
    query.after().ifPresent(after -> request.exclusiveStartKey(SdkValues.write(after)));
    return request.build();
  }

  static QueryRequest write(StoreRequest.Range range) {
    var expressions = new Expressions();
    var request =
        QueryRequest.builder()
            .tableName(range.table())
            .indexName(range.index().orElse(null))
            .keyConditionExpression(
                expressions.equal(range.attribute(), range.value())
                    + " AND "
                    + expressions.between(range.sort(), range.from(), range.to()))
            .expressionAttributeNames(expressions.names())
            .expressionAttributeValues(SdkValues.writeIfAny(expressions.values()))
            .consistentRead(range.consistent())
            .limit(range.limit());
    range.after().ifPresent(after -> request.exclusiveStartKey(SdkValues.write(after)));
    return request.build();
  }

  static ScanRequest write(StoreRequest.Scan scan) {
    var request = ScanRequest.builder().tableName(scan.table());
    scan.after().ifPresent(after -> request.exclusiveStartKey(SdkValues.write(after)));
    return request.build();
  }

  static BatchGetItemRequest write(StoreRequest.Batch batch) {
    return BatchGetItemRequest.builder()
        .requestItems(
            Map.of(
                batch.table(),
                KeysAndAttributes.builder()
                    .keys(batch.keys().stream().map(SdkValues::write).toList())
                    .build()))
        .build();
  }

  static BatchWriteItemRequest write(StoreRequest.Writes writes) {
    var all =
        Stream.concat(
            writes.put().stream()
                .map(item ->
                    WriteRequest.builder().putRequest(put -> put.item(SdkValues.write(item)))),
            writes.delete().stream()
                .map(key ->
                    WriteRequest.builder().deleteRequest(gone -> gone.key(SdkValues.write(key)))));
    return BatchWriteItemRequest.builder()
        .requestItems(Map.of(writes.table(), all.map(WriteRequest.Builder::build).toList()))
        .build();
  }

  private static Answer answer(GetItemResponse response) {
    return new Answer.Row(row(response.hasItem(), response.item()));
  }

  private static Answer answer(UpdateItemResponse response) {
    return new Answer.Row(row(response.hasAttributes(), response.attributes()));
  }

  private static Answer answer(DeleteItemResponse response) {
    return new Answer.Row(row(response.hasAttributes(), response.attributes()));
  }

  private static Answer.Rows answer(QueryResponse response) {
    return new Answer.Rows(
        response.items().stream().map(SdkValues::read).toList(),
        row(response.hasLastEvaluatedKey(), response.lastEvaluatedKey()),
        List.of());
  }

  private static Answer answer(ScanResponse response) {
    return new Answer.Rows(
        response.items().stream().map(SdkValues::read).toList(),
        row(response.hasLastEvaluatedKey(), response.lastEvaluatedKey()),
        List.of());
  }

  private static Answer answer(StoreRequest.Batch batch, BatchGetItemResponse response) {
    var left = response.unprocessedKeys().get(batch.table());
    return new Answer.Rows(
        response.responses().getOrDefault(batch.table(), List.of()).stream()
            .map(SdkValues::read)
            .toList(),
        Optional.empty(),
        left == null ? List.of() : left.keys().stream().map(SdkValues::read).toList());
  }

  private static Answer answer(StoreRequest.Writes writes, BatchWriteItemResponse response) {
    var left = response.unprocessedItems().getOrDefault(writes.table(), List.of());
    return new Answer.Rows(
        List.of(),
        Optional.empty(),
        left.stream()
            .map(one ->
                one.putRequest() == null ? one.deleteRequest().key() : one.putRequest().item())
            .map(SdkValues::read)
            .toList());
  }

  private static Optional<Item> row(boolean there, Map<String, AttributeValue> attributes) {
    return there && !attributes.isEmpty()
        ? Optional.of(SdkValues.read(attributes))
        : Optional.empty();
  }
}
