package io.streamer.local.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.dynamo.DynamoDbLocal;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.emulator.stream.EventSourceMapping;
import io.streamer.emulator.stream.StreamPump;
import io.streamer.shared.settings.Environment;
import io.streamer.worker.StreamFunction;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** The worker's own stream function, DynamoDB Local and the SDK's clients between them. */
@Timeout(120)
class PoisonedBatchTest {
  private static final String TABLE = "poisoned";
  private static final int POISON = 617;
  private static final Path JARS = Path.of("dynamodb-local", "target", "jars");

  @Test
  void aRecordThatCannotBeReadAmongAThousandIsSkippedAndTheOthersRunOnce() throws Exception {
    var vertx = Vertx.vertx();
    var lambda = LambdaEndpoint.start(vertx).await();
    var started = new ConcurrentLinkedQueue<String>();
    lambda.register(
        "jobs",
        (in, _, _) ->
            started.add(new JsonObject(Buffer.buffer(in.readAllBytes())).getString("jobId")));
    var batches = new ConcurrentLinkedQueue<JsonObject>();
    try (var dynamo = DynamoDbLocal.start(JARS, Optional.empty());
        var client = LocalAws.dynamo(dynamo.uri());
        var function = new StreamFunction(environment(lambda))) {
      lambda.register(
          "stream",
          (in, out, context) -> {
            var event = in.readAllBytes();
            batches.add(new JsonObject(Buffer.buffer(event)));
            function.handleRequest(new ByteArrayInputStream(event), out, context);
          });
      createTable(client);
      fill(client);
      try (var pump = pump(dynamo, lambda)) {
        pump.start();
        pump.awaitDrained();
        assertThat(lambda.awaitIdle(Duration.ofSeconds(60))).isTrue();

        assertThat(started)
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, 1_000)
                    .filter(i -> i != POISON)
                    .mapToObj(PoisonedBatchTest::jobId)
                    .toList());
        assertThat(batches)
            .singleElement()
            .satisfies(batch -> assertThat(batch.getJsonArray("Records")).hasSize(1_000));
        assertThat(pump.givenUp()).isZero();
      }
    } finally {
      lambda.close().await();
      vertx.close().await();
    }
  }

  private static StreamPump pump(DynamoDbLocal dynamo, LambdaEndpoint lambda) {
    var ours = EventSourceMapping.STREAMER;
    return new StreamPump(
        new StreamPump.Settings(
            dynamo.uri(),
            lambda.uri(),
            TABLE,
            "stream",
            Duration.ofHours(1),
            new EventSourceMapping(1_000, 1, 2, ours.maximumAge(), ours.filter()),
            Timekeeper.system()));
  }

  private static Environment environment(LambdaEndpoint lambda) {
    return new Environment(
        Map.of(
            "AWS_ENDPOINT_URL_LAMBDA", lambda.uri().toString(),
            "AWS_ENDPOINT_URL_DYNAMODB", lambda.uri().toString(),
            "AWS_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local",
            "STREAMER_JOB_FUNCTION", "jobs",
            "STREAMER_INTERNAL_SECRET", "unused"));
  }

  private static String jobId(int number) {
    return "job" + "%024d".formatted(number);
  }

  private static void createTable(DynamoDbClient client) {
    client.createTable(r ->
        r.tableName(TABLE)
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

  private static void fill(DynamoDbClient client) {
    for (var first = 0; first < 1_000; first += 25) {
      var writes = new ArrayList<WriteRequest>();
      for (var i = first; i < first + 25; i++) {
        var job =
            Map.of(
                "id",
                AttributeValue.fromS("item" + i),
                "start",
                AttributeValue.fromS("1"),
                "status",
                AttributeValue.fromS("QUEUED"),
                "jobId",
                AttributeValue.fromS(jobId(i)),
                "epoch",
                i == POISON ? AttributeValue.fromS("no number") : AttributeValue.fromN("0"));
        var put = PutRequest.builder().item(job).build();
        writes.add(WriteRequest.builder().putRequest(put).build());
      }
      client.batchWriteItem(r -> r.requestItems(Map.of(TABLE, List.copyOf(writes))));
    }
  }
}
