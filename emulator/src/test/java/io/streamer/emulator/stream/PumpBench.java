package io.streamer.emulator.stream;

import io.streamer.emulator.aws.Amazon;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.dynamo.DynamoDbLocal;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A pump between DynamoDB Local and a Lambda endpoint, one table and one function a test. */
abstract class PumpBench {
  /** So long that only being woken explains progress. */
  static final Duration NEVER = Duration.ofHours(1);

  static final Map<String, AttributeValue> START = Map.of("start", Amazon.s("1"));

  static Vertx vertx;
  static DynamoDbLocal dynamo;
  static LambdaEndpoint lambda;
  static DynamoDbClient client;

  final RecordingFunction function = new RecordingFunction();
  String table;
  StreamPump pump;

  @BeforeAll
  static void startServers() {
    vertx = Vertx.vertx();
    dynamo = DynamoDbLocal.start(Amazon.JARS, Optional.empty());
    lambda = LambdaEndpoint.start(vertx).await();
    client = LocalAws.dynamo(dynamo.uri());
  }

  @AfterAll
  static void stopServers() {
    client.close();
    lambda.close().await();
    dynamo.close();
    vertx.close().await();
  }

  @BeforeEach
  void preparePump(TestInfo test) {
    table = test.getTestMethod().orElseThrow().getName();
    lambda.register(table, function);
    pump = pump(lambda.uri(), NEVER);
  }

  @AfterEach
  void stopPump() {
    pump.close();
  }

  StreamPump pump(URI endpoint, Duration poll) {
    return new StreamPump(
        new StreamPump.Settings(
            dynamo.uri(), endpoint, table, table, poll, ScriptedPump.OURS, Timekeeper.system()));
  }
}
