package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.local.DynamoDbLocal;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.CreateTables;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.NodeCalls;
import io.streamer.shared.store.SdkRequests;
import io.streamer.shared.store.Tables;
import io.streamer.worker.Worker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The worker against real tables and a gateway node's address, in a time of the test's own. */
@Timeout(60)
class JobRunnerTest {
  private static final Path JARS = Path.of("..", "local", "dynamodb-local", "target", "jars");
  private static final Tables TABLES = new Tables("runner");
  private static final Caller CALLER = new Caller("acme", "ann", Set.of("jobs"));
  private static final Duration AMPLE = Duration.ofMinutes(15);

  private static DynamoDbLocal server;
  private static DynamoDbClient client;

  private final ManualTime time = new ManualTime(System.currentTimeMillis());
  private final JobCalls jobs =
      new JobCalls(
          TABLES,
          new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7)),
          time);
  private final AtomicInteger abandoned = new AtomicInteger();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final ExecutorService invocations = Executors.newCachedThreadPool();
  private volatile Handler<RawJson, RawJson> behaviour = (_, _) -> RawJson.of("{}");
  private PushTarget node;
  private Worker worker;

  /** Does what the test says. */
  @Action(value = "probe", expected = "1m", timeout = "10s", progressPerSecond = 10)
  static final class Probe implements Handler<RawJson, RawJson> {
    private final Handler<RawJson, RawJson> behaviour;

    Probe(Handler<RawJson, RawJson> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public RawJson handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  record Trip(String to) {}

  @Action(value = "travel", expected = "1m", timeout = "30m")
  static final class Travel implements Handler<Trip, String> {
    private final Handler<RawJson, RawJson> behaviour;

    Travel(Handler<RawJson, RawJson> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public String handle(Trip request, Run run) throws Exception {
      behaviour.handle(RawJson.NULL, run);
      return request.to();
    }
  }

  @BeforeAll
  static void startTables() {
    server = DynamoDbLocal.start(JARS, Optional.empty());
    client =
        DynamoDbClient.builder()
            .endpointOverride(server.uri())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    CreateTables.create(client, TABLES);
  }

  @AfterAll
  static void stopTables() {
    client.close();
    server.close();
  }

  @BeforeEach
  void startWorker() throws Exception {
    node = new PushTarget();
    execute(
        new NodeCalls(TABLES, time)
            // alive for as long as the test lets pass
            .beat(new NodeCalls.Node("n1", node.address(), time.millis() + 3_600_000)));
    worker = worker(server.uri());
  }

  private Worker worker(URI tables) {
    Handler<RawJson, RawJson> counted =
        (request, run) -> {
          calls.incrementAndGet();
          return behaviour.handle(request, run);
        };
    var environment =
        new Environment(
            Map.of(
                "STREAMER_TABLE_PREFIX", TABLES.prefix(),
                "STREAMER_INTERNAL_SECRET", "between-us,old",
                "AWS_ENDPOINT_URL_DYNAMODB", tables.toString(),
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local"));
    var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> {
              handlers.add(Probe.class, () -> new Probe(counted));
              handlers.add(Travel.class, () -> new Travel(counted));
            }),
            environment);
    return new Worker(
        environment,
        catalogue,
        Worker.Hooks.NONE.onAbandoned(abandoned::incrementAndGet).events(events::add).time(time));
  }

  @AfterEach
  void stopWorker() {
    release.countDown();
    invocations.shutdownNow();
    worker.close();
    node.close();
  }

  @Test
  void aJobClaimedTwiceRunsOnce() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    var first = start(id);
    var second = start(id);
    // one of them comes back at once, while the other one's handler is held
    while (!first.isDone() && !second.isDone()) {
      Thread.onSpinWait();
    }
    release.countDown();
    first.get();
    second.get();

    assertThat(calls).hasValue(1);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).epoch()).isEqualTo(1);
  }

  @Test
  void aSuccessIsToldAsProgressThenAHundredThenTheResult() throws Exception {
    behaviour =
        (request, run) -> {
          run.annotate("stage", "first");
          run.progress(40, "begun");
          release.await();
          run.progress(100, "all there");
          return request;
        };
    var id = submit("probe", "{\"n\":7}");
    var invocation = start(id);
    var begun = node.next();
    release.countDown();
    invocation.get();

    assertThat(begun.connection()).isEqualTo("c1");
    assertThat(begun.secret()).isEqualTo("between-us");
    assertThat(begun.json())
        .contains(
            Map.entry("type", "progress"),
            Map.entry("request_id", find(id).requestId()),
            Map.entry("job_id", id.value()),
            Map.entry("seq", 1_000_000_001),
            Map.entry("percentage", 40),
            Map.entry("message", "begun"));
    assertThat(begun.json().getJsonObject("metadata").getString("stage")).isEqualTo("first");
    var hundred = node.next().json();
    assertThat(hundred)
        .contains(
            Map.entry("type", "progress"),
            Map.entry("seq", 1_000_000_002),
            Map.entry("percentage", 100),
            Map.entry("message", "all there"));
    var complete = node.next().json();
    assertThat(complete).contains(Map.entry("type", "complete"), Map.entry("seq", 1_000_000_003));
    assertThat(complete.getJsonObject("result").getInteger("n")).isEqualTo(7);
    assertThat(find(id).seq()).isEqualTo(1_000_000_003L);
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void whoFollowsTheWorkerHearsOfEachStep() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(12.5, "one");
          throw Failure.refused("NO_PRICE", "no price for X");
        };
    var id = submit("probe", "{}");
    run(id);

    var job = "probe " + find(id).requestId();
    assertThat(events)
        .containsExactly(
            job + " runs, attempt 1", job + " 13 % one", job + " failed: PROCESSING_FAILED");
  }

  @Test
  void aRefusalIsToldBehindItsNewestProgress() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(10, "one");
          run.progress(20, "two");
          throw Failure.refused("NO_PRICE", "no price for X");
        };
    var id = submit("probe", "{}");
    run(id);

    var frames = node.all();
    assertThat(frames.getLast().json())
        .contains(Map.entry("type", "error"), Map.entry("seq", Math.toIntExact(find(id).seq())));
    assertThat(frames.get(frames.size() - 2).json())
        .contains(Map.entry("type", "progress"), Map.entry("message", "two"));
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error().orElseThrow().code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
    assertThat(job.error().orElseThrow().details()).containsEntry("reason", "NO_PRICE");
    assertThat(job.dueAt()).isEmpty();
  }

  @Test
  void aStackOverflowEndsTheJobAndNotTheWorker() throws Exception {
    behaviour =
        (_, _) -> {
          throw new StackOverflowError();
        };
    var id = submit("probe", "{}");
    run(id);

    assertThat(find(id).error().orElseThrow().details()).containsOnlyKeys("error_id");
    assertThat(node.next().json()).contains(Map.entry("type", "error"));
  }

  @Test
  void anUnknownActionAndAnInvalidPayloadFail() throws Exception {
    var unknown = submit("nowhere", "{}");
    var invalid = submit("travel", "{\"to\":5}");
    run(unknown);
    run(invalid);

    assertThat(calls).hasValue(0);
    assertThat(find(unknown).error().orElseThrow().code()).isEqualTo(ErrorCode.INVALID_ACTION);
    var problem = find(invalid).error().orElseThrow();
    assertThat(problem.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
    assertThat(problem.fields().getFirst().pointer()).isEqualTo("/payload/to");
  }

  @Test
  void aWorkerThatLostItsJobWritesAndSaysNothingMore() throws Exception {
    var interrupted = new CountDownLatch(1);
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          try {
            release.await();
          } catch (InterruptedException _) {
            run.progress(50, "too late");
            interrupted.countDown();
          }
          return RawJson.of("{\"from\":\"the old one\"}");
        };
    var id = submit("probe", "{}");
    var invocation = start(id);
    node.next();
    takeOver(id);
    time.advance(Duration.ofSeconds(1));
    invocation.get();

    assertThat(interrupted.getCount()).isZero();
    assertThat(node.all()).isEmpty();
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.epoch()).isEqualTo(2);
    assertThat(job.percentage()).isEqualTo(10);
  }

  @Test
  void anOutcomeOfAWorkerThatLostItsJobIsDropped() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{\"from\":\"the old one\"}");
        };
    var id = submit("probe", "{}");
    var invocation = start(id);
    while (calls.get() == 0) {
      Thread.onSpinWait();
    }
    takeOver(id);
    release.countDown();
    invocation.get();

    assertThat(node.all()).isEmpty();
    assertThat(find(id).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(find(id).epoch()).isEqualTo(2);
  }

  @Test
  void anOutcomeIsStoredThoughItCannotBePushedAndStaysDue() throws Exception {
    node.answer(503);
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(1));

    assertThat(node.all()).hasSizeGreaterThan(1);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isPresent();
  }

  @Test
  void anEndIsPushedAgainUntilItArrives() throws Exception {
    node.answer(503, 503, 503, 200);
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(1));

    assertThat(node.all().getLast().json()).contains(Map.entry("type", "complete"));
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aConnectionThatHasGoneNeedsNoFurtherCare() throws Exception {
    node.answer(410);
    var id = submit("probe", "{}");
    run(id);

    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aJobWithoutAConnectionNeedsNoFurtherCare() throws Exception {
    var id = submit("probe", "{}", Optional.empty());
    run(id);

    assertThat(node.all()).isEmpty();
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aNewConnectionGetsTheNewestProgressAgainWithItsNumber() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    var invocation = start(id);
    var first = node.next();
    execute(jobs.attach(id, Job.owner("acme", "ann"), route("c2")));
    time.advance(Duration.ofSeconds(1));
    var again = node.next();
    release.countDown();
    invocation.get();

    assertThat(again.connection()).isEqualTo("c2");
    assertThat(again.json().getLong("seq")).isEqualTo(first.json().getLong("seq"));
    assertThat(again.json().getString("message")).isEqualTo("begun");
    assertThat(node.all()).extracting(PushTarget.Frame::connection).containsOnly("c2");
  }

  @Test
  void progressThatCouldNotBePushedIsPushedAgain() throws Exception {
    node.answer(503, 200);
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          release.await();
          return RawJson.of("{}");
        };
    var invocation = start(submit("probe", "{}"));
    var first = node.next();
    Optional<PushTarget.Frame> again;
    do {
      time.advance(Duration.ofSeconds(1));
      again = node.poll(Duration.ofMillis(20));
    } while (again.isEmpty());
    release.countDown();
    invocation.get();

    assertThat(again.get().json().getLong("seq")).isEqualTo(first.json().getLong("seq"));
  }

  @Test
  void theLeaseOfASilentHandlerIsRenewed() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("travel", "{\"to\":\"Rome\"}");
    var invocation = start(id);
    while (calls.get() == 0) {
      Thread.onSpinWait();
    }
    var before = find(id).leaseUntil();
    time.advance(Duration.ofSeconds(20));
    while (find(id).leaseUntil() == before) {
      Thread.onSpinWait();
    }
    assertThat(find(id).leaseUntil()).isEqualTo(before + 20_000);
    release.countDown();
    invocation.get();
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aLeaseThatCannotBeRenewedInterruptsTheHandler() throws Exception {
    var interrupted = new CountDownLatch(1);
    behaviour =
        (_, _) -> {
          try {
            release.await();
          } catch (InterruptedException _) {
            interrupted.countDown();
          }
          return RawJson.of("{}");
        };
    worker.close();
    try (var cable = new Cable(server.uri())) {
      worker = worker(cable.uri());
      var id = submit("travel", "{\"to\":\"Rome\"}");
      var invocation = start(id);
      while (calls.get() == 0) {
        Thread.onSpinWait();
      }
      cable.cut();
      timePassesUntilDone(invocation, Duration.ofSeconds(45));

      assertThat(interrupted.getCount()).isZero();
      assertThat(node.all()).isEmpty();
      assertThat(find(id).status()).isEqualTo(JobStatus.RUNNING);
    }
  }

  @Test
  void aHandlerWhoseTimeIsUpIsInterrupted() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(10));

    assertThat(find(id).status()).isEqualTo(JobStatus.FAILED);
    assertThat(find(id).error().orElseThrow().code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(abandoned).hasValue(0);
  }

  @Test
  void aHandlerThatIgnoresItsInterruptIsAbandonedWithItsOutcomeStored() throws Exception {
    behaviour =
        (_, _) -> {
          while (release.getCount() > 0) {
            Thread.onSpinWait();
          }
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(10));

    assertThat(abandoned).hasValue(1);
    assertThat(find(id).error().orElseThrow().code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(node.all().getLast().json()).contains(Map.entry("type", "error"));
  }

  @Test
  void ofAShortInvocationHalfIsTheHandlers() throws Exception {
    var left = new AtomicReference<Duration>();
    behaviour =
        (_, run) -> {
          left.set(Duration.between(time.instant(), run.deadline()));
          return RawJson.of("{}");
        };
    worker.run(submit("travel", "{\"to\":\"Rome\"}"), 0, Duration.ofSeconds(8));

    assertThat(left).hasValue(Duration.ofSeconds(4));
  }

  /** As a dispatcher and another worker would, after a lost lease. */
  private static void takeOver(JobId id) {
    client.updateItem(update ->
        update
            .tableName(TABLES.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(id.value())))
            .updateExpression("SET epoch = :epoch, claim = :claim")
            .expressionAttributeValues(
                Map.of(
                    ":epoch", AttributeValue.fromN("2"),
                    ":claim", AttributeValue.fromS("another worker"))));
  }

  private JobId submit(String action, String payload) {
    return submit(action, payload, Optional.of(route("c1")));
  }

  private JobId submit(String action, String payload, Optional<Route> route) {
    var request =
        new NewJob(
            UUID.randomUUID().toString(),
            CALLER,
            "request " + UUID.randomUUID(),
            action,
            RawJson.of(payload),
            Map.of(),
            Optional.empty(),
            route);
    execute(jobs.submit(request));
    return request.id();
  }

  private Route route(String connection) {
    return new Route(connection, "node:n1", time.millis() + 3_600_000);
  }

  private void run(JobId id) throws Exception {
    start(id).get();
  }

  private Future<?> start(JobId id) {
    return invocations.submit(() -> {
      worker.run(id, 0, AMPLE);
      return null;
    });
  }

  private void timePassesUntilDone(Future<?> invocation, Duration step)
      throws InterruptedException, ExecutionException {
    while (true) {
      time.advance(step);
      try {
        invocation.get(20, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException _) {
        // still waiting for its time
      }
    }
  }

  private Job find(JobId id) {
    return execute(jobs.find(id)).orElseThrow();
  }

  private static <T> T execute(Call<T> call) {
    return switch (call) {
      case Call.Done<T>(var value) -> value;
      case Call.Ask<T>(var request, var next) ->
          execute(next.apply(SdkRequests.send(client, request)));
    };
  }
}
