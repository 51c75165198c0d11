package io.streamer.emulator.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.aws.Amazon;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.ManualClock;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.FaultRule.Requests;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Role;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.fault.StoreCall;
import io.streamer.emulator.fault.Trap;
import io.streamer.emulator.fault.When;
import io.streamer.emulator.fault.WriteMoment;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** Each fault by what the SDK's client sees, and by what is stored then. */
@Timeout(60)
class StoreFaultsTest {
  private static final String JOBS = "streamer-jobs";
  private static final String DATA = "streamer-job_data";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Vertx vertx;
  private static DynamoDbLocal dynamo;
  private static DynamoDbClient store;

  private final ManualClock time = new ManualClock();
  private final Faults faults = new Faults(time);
  private final Senders senders = new Senders();
  private final DynamoProxy proxy = DynamoProxy.start(vertx, dynamo.uri(), senders, faults).await();
  private final Sender worker = senders.join(Role.WORKER);
  private final Sender gateway = senders.join(Role.GATEWAY);
  private final DynamoDbClient byWorker = client(worker);
  private final DynamoDbClient byGateway = client(gateway);

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    dynamo = DynamoDbLocal.start(Amazon.JARS, Optional.empty());
    store = LocalAws.dynamo(dynamo.uri());
    Amazon.createTable(store, JOBS);
    Amazon.createTable(store, DATA);
  }

  @AfterAll
  static void stop() {
    store.close();
    dynamo.close();
    vertx.close().await();
  }

  @AfterEach
  void close() {
    byWorker.close();
    byGateway.close();
    proxy.close().await();
  }

  @Test
  void aThrottleIsDynamoDbsOwnAndNothingIsWritten() {
    faults.add(FaultRule.store(new Fault.Throttle()));
    assertThatThrownBy(() -> put(byWorker, "throttled"))
        .isInstanceOf(ProvisionedThroughputExceededException.class);
    assertThat(stored("throttled")).isEmpty();
  }

  @Test
  void aFailureIsAnInternalErrorAndNothingIsWritten() {
    faults.add(FaultRule.store(new Fault.Fail()));
    assertThatThrownBy(() -> put(byWorker, "failed"))
        .isInstanceOfSatisfying(
            DynamoDbException.class, e -> assertThat(e.statusCode()).isEqualTo(500));
    assertThat(stored("failed")).isEmpty();
  }

  @Test
  void aRuleConcernsItsOperationTableAndSenderAlone() {
    var theirs = Requests.ANY.operation("PutItem").table("jobs").from(Role.WORKER);
    faults.add(FaultRule.store(theirs, When.ALWAYS, new Fault.Fail()));
    put(byGateway, "by the gateway");
    byWorker.putItem(r -> r.tableName(DATA).item(Amazon.item("elsewhere", Map.of())));
    byWorker.deleteItem(r -> r.tableName(JOBS).key(Amazon.item("nobody", Map.of())));
    assertThatThrownBy(() -> put(byWorker, "by the worker")).isInstanceOf(DynamoDbException.class);
    assertThat(faults.counts()).isEqualTo(Map.of("dynamodb fail", 1L));
  }

  @Test
  void anAnswerIsLostBehindAWriteThatWasDone() {
    faults.add(FaultRule.store(Requests.ANY, When.ALWAYS, new Fault.LoseAnswer()));
    assertThatThrownBy(() -> put(byWorker, "unheard")).isInstanceOf(SdkClientException.class);
    assertThat(stored("unheard")).isNotEmpty();
  }

  @Test
  void aDelayLetsARequestWaitAndNoOther() throws Exception {
    faults.add(
        FaultRule.store(Requests.ANY, When.first(1), new Fault.Delay(Duration.ofSeconds(3))));
    var late = later(() -> put(byWorker, "late"));
    time.awaitTimer(Duration.ofSeconds(3));
    put(byGateway, "prompt");
    assertThat(stored("late")).isEmpty();
    time.advance(Duration.ofSeconds(3));
    late.get();
    assertThat(stored("late")).isNotEmpty();
  }

  @Test
  void inAPauseNothingIsAnsweredUntilItIsOver() throws Exception {
    var jobs = Requests.ANY.table("jobs");
    faults.add(FaultRule.store(jobs, When.first(1), new Fault.Pause(Duration.ofSeconds(5))));
    var first = later(() -> put(byWorker, "first of the pause"));
    time.awaitTimer(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(2));
    var second = later(() -> put(byGateway, "second of the pause"));
    time.awaitTimer(Duration.ofSeconds(3));
    assertThat(stored("second of the pause")).isEmpty();
    time.advance(Duration.ofSeconds(3));
    first.get();
    second.get();
    put(byWorker, "behind the pause");
    assertThat(faults.counts()).isEqualTo(Map.of("dynamodb pause", 1L));
  }

  @Test
  void clearingLetsWhatIsPausedGoOn() throws Exception {
    faults.add(FaultRule.store(new Fault.Pause(Duration.ofHours(1))));
    var paused = later(() -> put(byWorker, "let go"));
    time.awaitTimer(Duration.ofHours(1));
    faults.clear();
    paused.get();
    assertThat(stored("let go")).isNotEmpty();
  }

  @Test
  void aSenderKilledBehindAWriteHasWrittenAndWritesNothingMore() throws Exception {
    var trap = faults.when(sets("status", "SUCCEEDED")).then(Trap.kill());
    put(byWorker, "before it", "status", "RUNNING");
    assertThatThrownBy(() -> put(byWorker, "the one", "status", "SUCCEEDED"))
        .isInstanceOf(SdkClientException.class);
    assertThat(trap.await(SOON).sender()).isEqualTo(worker);
    assertThat(stored("the one")).isNotEmpty();
    assertThat(worker.alive()).isFalse();
    assertThatThrownBy(() -> put(byWorker, "from the grave"))
        .isInstanceOf(SdkClientException.class);
    assertThatThrownBy(() -> byWorker.listTables()).isInstanceOf(SdkClientException.class);
    assertThat(stored("from the grave")).isEmpty();
    put(byGateway, "others live", "status", "SUCCEEDED");
    assertThat(faults.counts()).isEqualTo(Map.of("worker kill", 1L));
  }

  @Test
  void aSenderKilledBeforeTheNthWriteHasNotWrittenThat() throws Exception {
    var trap = faults.when(write -> write.to("jobs")).nth(2).before().then(Trap.kill());
    put(byWorker, "first");
    assertThat(trap.isSprung()).isFalse();
    assertThatThrownBy(() -> put(byWorker, "second")).isInstanceOf(SdkClientException.class);
    assertThat(trap.await(SOON).operation()).isEqualTo("PutItem");
    assertThat(stored("second")).isEmpty();
    assertThat(stored("first")).isNotEmpty();
  }

  @Test
  void aTrapRunsATestsOwnCodeWhileTheWriterWaits() throws Exception {
    var trap =
        faults
            .when(sets("status", "SUCCEEDED"))
            .then(Trap.run(() -> assertThat(stored("looked at")).isNotEmpty()));
    put(byWorker, "looked at", "status", "SUCCEEDED");
    trap.await(SOON);

    var wrong = faults.when(_ -> true).then(Trap.run(() -> assertThat(true).isFalse()));
    put(byWorker, "goes on");
    assertThatThrownBy(() -> wrong.await(SOON)).hasMessageContaining("own act failed");
  }

  @Test
  void anUpdateTellsWhatItSets() throws Exception {
    put(byWorker, "updated");
    var trap = faults.when(sets("status", "CANCELLED")).then(Trap.loseAnswer());
    assertThatThrownBy(() ->
            byWorker.updateItem(r ->
                r.tableName(JOBS)
                    .key(Amazon.item("updated", Map.of()))
                    .conditionExpression("#n1 = :v1")
                    .updateExpression("SET #n0 = :v0, seq = :v2 REMOVE gone")
                    .expressionAttributeNames(Map.of("#n0", "status", "#n1", "id"))
                    .expressionAttributeValues(
                        Map.of(
                            ":v0", Amazon.s("CANCELLED"),
                            ":v1", Amazon.s("updated"),
                            ":v2", AttributeValue.fromN("7")))))
        .isInstanceOf(SdkClientException.class);
    var update = trap.await(SOON);
    assertThat(update.sets("seq")).contains("7");
    assertThat(update.sets("gone")).isEmpty();
    assertThat(update.sets("id")).isEmpty();
    assertThat(stored("updated")).containsEntry("status", Amazon.s("CANCELLED"));
  }

  @Test
  void aRefusedWriteSpringsNoTrapBehindIt() {
    var trap = faults.when(_ -> true).then(Trap.kill());
    assertThatThrownBy(() ->
            byWorker.putItem(r ->
                r.tableName(JOBS)
                    .item(Amazon.item("refused", Map.of()))
                    .conditionExpression("attribute_exists(id)")))
        .isInstanceOf(DynamoDbException.class);
    assertThat(trap.isSprung()).isFalse();
    assertThat(worker.alive()).isTrue();
  }

  @Test
  void aRuleKillsTheGatewayAtItsOwnWritesAlone() {
    faults.set(
        FaultPlan.of(1, FaultRule.killGateway(Requests.ANY, When.nth(2), WriteMoment.BEHIND)));
    put(byWorker, "not counted");
    put(byGateway, "one");
    put(byWorker, "not counted either");
    assertThatThrownBy(() -> put(byGateway, "two")).isInstanceOf(SdkClientException.class);
    assertThat(stored("two")).isNotEmpty();
    assertThat(gateway.alive()).isFalse();
    assertThat(worker.alive()).isTrue();
  }

  @Test
  void whoDiesWhileItsRequestWaitsHasNotWritten() throws Exception {
    faults.add(FaultRule.store(Requests.ANY, When.first(1), new Fault.Delay(SOON)));
    var waiting = later(() -> put(byWorker, "too late"));
    time.awaitTimer(SOON);
    var settled = worker.kill();
    assertThat(settled).isNotDone();
    time.advance(SOON);
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SdkClientException.class);
    settled.get();
    assertThat(stored("too late")).isEmpty();
  }

  private static Predicate<StoreCall> sets(String attribute, String value) {
    return write -> write.sets(attribute, value);
  }

  private static CompletableFuture<Void> later(Runnable task) {
    return CompletableFuture.runAsync(task, Executors.newVirtualThreadPerTaskExecutor());
  }

  private static void put(DynamoDbClient by, String id, String... attribute) {
    var more =
        attribute.length == 0
            ? Map.<String, AttributeValue>of()
            : Map.of(attribute[0], Amazon.s(attribute[1]));
    Amazon.put(by, JOBS, id, more);
  }

  private static Map<String, AttributeValue> stored(String id) {
    return store.getItem(r -> r.tableName(JOBS).key(Amazon.item(id, Map.of()))).item();
  }

  private DynamoDbClient client(Sender sender) {
    return DynamoDbClient.builder()
        .endpointOverride(proxy.uri())
        .region(LocalAws.REGION)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create("local", "local", sender.id())))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }
}
