package io.streamer.system;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.local.stage.Stage;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.Tables;
import io.streamer.testtools.Until;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.streamer.worker.Worker;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A stage whose gateway looks after due jobs when a test says so, at the test's time, and whose
 * starts and stream records can be lost.
 */
final class DueStage implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(10);
  static final Duration DUE = Duration.ofSeconds(10);

  /** Longer than a lease and what is added to it for clocks that differ. */
  static final Duration LEASE_OVER = Duration.ofSeconds(15);

  private static final JobLimits LIMITS = new JobLimits(LEASE, DUE, Duration.ofDays(7));

  final ShiftedClock clock = new ShiftedClock();
  final Stage stage;
  final Tables tables;
  final DynamoDbClient dynamo;

  /** Takes jobs' starts to a worker. */
  final LosingFunction starts;

  /** Takes stream records to starts. */
  final LosingFunction records;

  private final Worker worker;
  private final StreamFunction stream;

  private DueStage(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.putIfAbsent("STREAMER_DUE_EVERY", "10d");
    // a socket's silence is measured by the test's time
    all.put("STREAMER_HEARTBEAT", "10d");
    stage =
        Stage.start(
            LocalStage.options().modules(List.of(new DueActions())).settings(all).clock(clock));
    tables = new Tables(stage.tablePrefix());
    dynamo = LocalAws.dynamo(stage.dynamo());
    var environment = new Environment(stage.settings());
    worker = worker(environment);
    stream = new StreamFunction(environment);
    starts = new LosingFunction(new JobFunction(worker));
    records = new LosingFunction(stream);
    stage.lambda().register("streamer-job", starts);
    stage.lambda().register("streamer-stream", records);
  }

  static DueStage start() {
    return new DueStage(Map.of());
  }

  static DueStage start(Map<String, String> settings) {
    return new DueStage(settings);
  }

  /** Another worker over the same tables; it lives by the machine's time, which is earlier. */
  static Worker worker(Environment environment) {
    var modules =
        Stream.concat(
                Stream.of(new DueActions()),
                ServiceLoader.load(io.streamer.handler.HandlerModule.class).stream()
                    .map(ServiceLoader.Provider::get))
            .toList();
    return new Worker(environment, Catalogue.of(modules, environment), Worker.Hooks.NONE);
  }

  /** A token of a user nobody else uses that outlives what tests let pass. */
  String token() {
    var claims = Tokens.claims();
    var name = UUID.randomUUID().toString();
    claims.put("sub", "user-" + name);
    claims.put("tenant_id", "tenant-" + name);
    claims.put("exp", clock.instant().plus(Duration.ofDays(10)).getEpochSecond());
    return Tokens.signed(claims);
  }

  Peer connect(Door door) {
    return connect(door, token());
  }

  Peer connect(Door door, String token) {
    return door.connect(stage, token);
  }

  /** Sends a request whose id is also its gate. */
  static String submit(Peer peer, String action, String gate, JsonObject options) {
    peer.send(
        new JsonObject()
            .put("id", gate)
            .put("action", action)
            .put("payload", new JsonObject().put("gate", gate))
            .put("options", options));
    return peer.acknowledgment(gate).jobId();
  }

  static String submit(Peer peer, String action, String gate) {
    return submit(peer, action, gate, new JsonObject());
  }

  /** Lets time pass, then looks after what is due. */
  void pass(Duration by) {
    clock.advance(by);
    stage.runDue();
  }

  Job job(String jobId) {
    return run(jobs().find(new JobId(jobId))).orElseThrow();
  }

  /** The job's row; empty if there is none. */
  Map<String, AttributeValue> row(String jobId) {
    return dynamo
        .getItem(get ->
            get.tableName(tables.jobs())
                .key(Map.of("jobId", AttributeValue.fromS(jobId)))
                .consistentRead(true))
        .item();
  }

  /** Waits until the job is so. */
  Job await(String jobId, Predicate<Job> wanted) {
    return Until.matches("the job is as wanted", () -> job(jobId), wanted);
  }

  JobCalls jobs() {
    return new JobCalls(tables, LIMITS, clock);
  }

  JobLimits limits() {
    return LIMITS;
  }

  <T> T run(Call<T> call) {
    return call.run(request -> SdkRequests.send(dynamo, request));
  }

  /** The ids of all jobs that somebody is to look after. */
  List<String> due() {
    return dynamo
        .scanPaginator(scan -> scan.tableName(tables.jobs()).indexName("due"))
        .items()
        .stream()
        .map(item -> item.get("jobId").s())
        .toList();
  }

  /** How many subscriptions to the job there are. */
  int subscriptions(String jobId) {
    return dynamo
        .query(query ->
            query
                .tableName(tables.subscriptions())
                .keyConditionExpression("#topic = :topic")
                .expressionAttributeNames(Map.of("#topic", "topic"))
                .expressionAttributeValues(Map.of(":topic", AttributeValue.fromS("job#" + jobId)))
                .consistentRead(true))
        .count();
  }

  /** Ends every run as if its process had died. */
  void killWorkers() {
    stage.lambda().kill("streamer-job");
  }

  @Override
  public void close() {
    stage.close();
    worker.close();
    stream.close();
    dynamo.close();
  }
}
