package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.build.Distribution;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.emulator.stream.StreamPump;
import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.Tables;
import io.streamer.system.LambdaProcess.Ended;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The packed worker under the runtime that Lambda runs it with, against real tables. */
@ExtendWith(LocalStage.class)
@Timeout(120)
class LambdaRuntimeTest {
  private static final Tables TABLES = new Tables("packed-" + UUID.randomUUID());
  private static final InstantSource CLOCK = InstantSource.system();
  private static final JobCalls JOBS =
      new JobCalls(
          TABLES,
          new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7)),
          CLOCK);
  private static final Duration AMPLE = Duration.ofSeconds(60);

  /** Half of it is the handler's. */
  private static final Duration SHORT = Duration.ofSeconds(4);

  @TempDir static Path folder;
  private static Path lib;
  private static DynamoDbClient client;

  @TempDir Path own;
  private PushTarget node;
  private LambdaProcess jobs;

  @BeforeAll
  static void pack() throws Exception {
    assertThat(Path.of(System.getProperty("streamer.worker.zip")))
        .as("made by Maven's package phase: run ./streamer test, or mvn verify")
        .exists();
    PackedHandlers.write(Files.createDirectory(folder.resolve("handlers")).resolve("packed.jar"));
    new Distribution(LocalStage.home(), _ -> {})
        .make(Optional.of(folder.resolve("handlers")), false, folder.resolve("dist"), Map.of());
    lib = LambdaProcess.unpack(folder.resolve("dist/worker.zip"), folder.resolve("task"));
    client = LocalAws.dynamo(LocalStage.stage().dynamo());
    CreateTables.create(client, TABLES);
  }

  @AfterAll
  static void closeTables() {
    if (client != null) {
      client.close();
    }
  }

  @BeforeEach
  void startNode() throws Exception {
    node = new PushTarget();
    execute(
        new NodeCalls(TABLES, CLOCK)
            .beat(Nodes.live("n1", node.address(), CLOCK.millis() + 3_600_000)));
    jobs = function("JobFunction", Map.of());
  }

  @AfterEach
  void stopNode() {
    jobs.close();
    node.close();
  }

  @Test
  void aSubmittedJobGoesThroughBothFunctionsToItsClient() throws Exception {
    var endpoint =
        LambdaEndpoint.start(LocalStage.stage().vertx())
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    try (var stream =
            function(
                "StreamFunction",
                Map.of(
                    "AWS_ENDPOINT_URL_LAMBDA",
                    endpoint.uri().toString(),
                    "STREAMER_JOB_FUNCTION",
                    "the-job-function"));
        var pump =
            new StreamPump(
                new StreamPump.Settings(
                    LocalStage.stage().dynamo(),
                    endpoint.uri(),
                    TABLES.jobs(),
                    "the-stream-function",
                    Duration.ofMillis(250)))) {
      forward(endpoint, "the-stream-function", stream);
      forward(endpoint, "the-job-function", jobs);
      var id = submit("packed.greet");
      pump.start();

      assertThat(node.next().json()).contains(Map.entry("message", "half"));
      assertThat(terminal().getJsonObject("result").getString("value")).isEqualTo("hello Ada");
      assertThat(endpoint.awaitIdle(AMPLE)).isTrue();
      assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
      assertThat(pump.givenUp()).isZero();
    } finally {
      endpoint.close();
    }
  }

  @Test
  void aWarmProcessRunsTheNextJob() throws Exception {
    for (var id : List.of(submit("packed.greet"), submit("packed.greet"))) {
      assertThat(run(id, AMPLE)).isInstanceOf(Ended.Answered.class);
      assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    }
    assertThat(jobs.started()).isEqualTo(1);
  }

  @Test
  void itsLogIsALineOfJsonForEachThingWithWhatItIsAbout() throws Exception {
    var id = submit("packed.unknown");
    run(id, AMPLE);

    var printed = jobs.printed();
    assertThat(printed).doesNotContain("SLF4J", "DEBUG", "between-us");
    assertThat(printed.lines().filter(line -> line.startsWith("{")).map(JsonObject::new))
        .filteredOn(line -> id.value().equals(line.getString("job")))
        .first()
        .satisfies(line -> {
          assertThat(line.getString("level")).isEqualTo("WARN");
          assertThat(line.getString("loggerName")).isEqualTo("io.streamer.worker.run.JobRunner");
          assertThat(line.getString("formattedMessage")).contains("no handler for the action");
          assertThat(line.getString("tenant")).isEqualTo("acme");
          assertThat(line.getString("request")).isNotBlank();
          assertThat(line.getString("action")).isEqualTo("packed.unknown");
          assertThat(UUID.fromString(line.getString("awsRequestId"))).isNotNull();
        });
  }

  @Test
  void itsLogIsTextIfThatIsAskedFor() throws Exception {
    try (var plain = function("JobFunction", Map.of("STREAMER_LOG_FORMAT", "text"))) {
      var event = new JsonObject().put("jobId", submit("packed.unknown").value()).put("epoch", 0);
      plain.invoke(event.toBuffer().getBytes(), AMPLE);
      assertThat(plain.printed())
          .containsPattern(
              "(?m)^\\[main] WARN JobRunner - tenant=acme request=request \\S+"
                  + " action=packed.unknown job=(\\S+) job \\1: no handler for the action");
    }
  }

  @Test
  void aProviderThatTheProcessNamesIsWhatItsLogIsWrittenWith() throws Exception {
    var silent = "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider";
    try (var other = function("JobFunction", Map.of("JAVA_TOOL_OPTIONS", silent))) {
      var event = new JsonObject().put("jobId", submit("packed.unknown").value()).put("epoch", 0);
      other.invoke(event.toBuffer().getBytes(), AMPLE);
      assertThat(other.printed()).contains(silent).doesNotContain("no handler for the action");
    }
  }

  @Test
  void aHandlerStillAtWorkIsStoppedWithinItsInvocation() throws Exception {
    var id = submit("packed.sleep");

    assertThat(run(id, SHORT)).isInstanceOf(Ended.Answered.class);
    assertTimedOut(id);
    assertThat(terminal().getString("type")).isEqualTo("error");
  }

  @Test
  void aHandlerThatIgnoresItsInterruptCostsTheProcessAndNotTheOutcome() throws Exception {
    var id = submit("packed.spin");

    assertThat(run(id, SHORT)).isEqualTo(new Ended.Died(70));
    assertTimedOut(id);
    assertTheNextJobRuns();
  }

  @Test
  void aProcessKilledAtItsDeadlineLeavesItsJobLeased() throws Exception {
    var id = submit("packed.freeze");

    assertThat(run(id, SHORT)).isEqualTo(new Ended.Killed());
    assertLeased(id);
    assertTheNextJobRuns();
  }

  @Test
  void aHandlerThatEndsTheProcessLeavesItsJobLeased() throws Exception {
    var id = submit("packed.leave");

    assertThat(run(id, AMPLE)).isEqualTo(new Ended.Died(3));
    assertLeased(id);
    assertTheNextJobRuns();
  }

  @Test
  void aMisspeltSettingIsToldAtTheStart() throws Exception {
    try (var wrong = function("JobFunction", Map.of("STREAMER_LAESE", "60s"))) {
      assertThat(wrong.failingStart().encode()).contains("STREAMER_LAESE", "STREAMER_LEASE");
    }
  }

  private void assertTheNextJobRuns() throws Exception {
    var next = submit("packed.greet");
    assertThat(run(next, AMPLE)).isInstanceOf(Ended.Answered.class);
    assertThat(find(next).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(jobs.started()).isEqualTo(2);
  }

  private static void assertTimedOut(JobId id) {
    assertThat(find(id).status()).isEqualTo(JobStatus.FAILED);
    assertThat(find(id).error().orElseThrow().code()).isEqualTo(ErrorCode.TIMEOUT);
  }

  /** Whoever looks after it when it is due finds that its holder is gone. */
  private static void assertLeased(JobId id) {
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.leaseUntil()).isPositive();
    assertThat(job.dueAt()).isPresent();
    assertThat(job.error()).isEmpty();
    assertThat(job.result()).isEmpty();
  }

  private JsonObject terminal() throws InterruptedException {
    while (true) {
      var frame = node.next().json();
      if (!frame.getString("type").equals("progress")) {
        return frame;
      }
    }
  }

  private LambdaProcess function(String type, Map<String, String> more) {
    var settings =
        new HashMap<>(
            Map.of(
                "STREAMER_TABLE_PREFIX", TABLES.prefix(),
                "STREAMER_INTERNAL_SECRET", "between-us",
                "STREAMER_LEASE", "60s",
                "AWS_ENDPOINT_URL_DYNAMODB", LocalStage.stage().dynamo().toString(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local"));
    settings.putAll(more);
    var handler = "io.streamer.worker." + type;
    return new LambdaProcess(lib, handler, settings, own.resolve(type + ".log"));
  }

  /** Lets the endpoint's function be the one in the process. */
  private static void forward(LambdaEndpoint endpoint, String name, LambdaProcess process) {
    endpoint.register(
        name,
        (input, output, _) -> {
          try {
            switch (process.invoke(input.readAllBytes(), AMPLE)) {
              case Ended.Answered(RuntimeApi.Answer.Response(var body)) ->
                  output.write(body.getBytes(UTF_8));
              case Ended ended -> throw new IllegalStateException("not answered: " + ended);
            }
          } catch (Exception e) {
            throw new IllegalStateException(name, e);
          }
        });
  }

  private Ended run(JobId id, Duration time) throws Exception {
    var event = new JsonObject().put("jobId", id.value()).put("epoch", 0);
    return jobs.invoke(event.toBuffer().getBytes(), time);
  }

  private static JobId submit(String action) {
    var job =
        new NewJob(
            UUID.randomUUID().toString(),
            new Caller("acme", "ann", Set.of()),
            "request " + UUID.randomUUID(),
            action,
            RawJson.of("{\"name\":\"Ada\"}"),
            Map.of(),
            Optional.empty(),
            Optional.of(new Route("c1", "node:n1", CLOCK.millis() + 3_600_000)),
            Options.NONE,
            Optional.empty());
    execute(JOBS.submit(job));
    return job.id();
  }

  private static Job find(JobId id) {
    return execute(JOBS.find(id)).orElseThrow();
  }

  private static <T> T execute(Call<T> call) {
    return call.run(request -> SdkRequests.send(client, request));
  }
}
