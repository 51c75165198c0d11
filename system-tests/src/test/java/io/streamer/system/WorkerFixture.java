package io.streamer.system;

import io.streamer.emulator.dynamo.DynamoDbLocal;
import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Retry;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.job.Due;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.Tables;
import io.streamer.testtools.Until;
import io.streamer.worker.Worker;
import io.streamer.worker.run.RunUpdate;
import io.streamer.worker.time.Time;
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
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The worker against real tables and a gateway node's address, in a time of the test's own. */
abstract class WorkerFixture {
  static final Tables TABLES = new Tables("runner");
  static final Duration AMPLE = Duration.ofMinutes(15);
  private static final Path JARS = Path.of("..", "local", "dynamodb-local", "target", "jars");
  static final Caller CALLER = new Caller("acme", "ann", Set.of("jobs"));
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final JobLimits LIMITS = new JobLimits(MINUTE, MINUTE, Duration.ofDays(7));
  private static final int ATTEMPTS = 3;

  static DynamoDbLocal server;
  static DynamoDbClient client;

  final ManualTime time = new ManualTime(System.currentTimeMillis());
  final JobCalls jobs = new JobCalls(TABLES, LIMITS, time);
  final DueCalls dues = new DueCalls(TABLES, LIMITS, time);
  final SubscriptionCalls subscriptions = new SubscriptionCalls(TABLES, LIMITS, time);
  final AtomicInteger abandoned = new AtomicInteger();

  /** On the thread that runs the job. */
  volatile Consumer<RunUpdate> heard = _ -> {};

  final List<RunUpdate> updates = new CopyOnWriteArrayList<>();
  final List<String> signals = new CopyOnWriteArrayList<>();
  final AtomicInteger calls = new AtomicInteger();
  final CountDownLatch release = new CountDownLatch(1);
  private final ExecutorService invocations = Executors.newCachedThreadPool();
  volatile Handler<RawJson, RawJson> behaviour = (_, _) -> RawJson.of("{}");
  PushTarget node;
  Worker worker;

  /** Does what the test says, once. */
  @Action(value = "probe", expected = "1m", timeout = "10s", attempts = 1)
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

  /** Does it for as long as it takes, and again. */
  @Action(
      value = "persist",
      expected = "1m",
      timeout = "30m",
      attempts = ATTEMPTS,
      retry = @Retry(backoff = Retry.Backoff.LINEAR, base = "2s"))
  static final class Persist implements Handler<RawJson, RawJson> {
    private final Handler<RawJson, RawJson> behaviour;

    Persist(Handler<RawJson, RawJson> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public RawJson handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  /** Says little. */
  @Action(value = "terse", expected = "1m", progressPerSecond = 2)
  static final class Terse implements Handler<RawJson, RawJson> {
    private final Handler<RawJson, RawJson> behaviour;

    Terse(Handler<RawJson, RawJson> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public RawJson handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  /** Says much. */
  @Action(value = "talkative", expected = "1m", progressPerSecond = 50)
  static final class Talkative implements Handler<RawJson, RawJson> {
    private final Handler<RawJson, RawJson> behaviour;

    Talkative(Handler<RawJson, RawJson> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public RawJson handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  /** Says as much as one may. */
  @Action(value = "chatty", expected = "1m", progressPerSecond = 100)
  static final class Chatty implements Handler<RawJson, RawJson> {
    private final Handler<RawJson, RawJson> behaviour;

    Chatty(Handler<RawJson, RawJson> behaviour) {
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
    client = client(server.uri());
    CreateTables.create(client, TABLES);
  }

  static DynamoDbClient client(URI tables) {
    return DynamoDbClient.builder()
        .endpointOverride(tables)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  @AfterAll
  static void stopTables() {
    client.close();
    server.close();
  }

  @BeforeEach
  void startWorker() throws Exception {
    node = new PushTarget();
    // alive for as long as the test lets pass
    beat("n1", node, time.millis() + 24 * 3_600_000);
    worker = worker(server.uri());
  }

  @AfterEach
  void stopWorker() {
    release.countDown();
    invocations.shutdownNow();
    worker.close();
    node.close();
  }

  void beat(String name, PushTarget at, long when) {
    execute(new NodeCalls(TABLES, time).beat(Nodes.live(name, at.address(), when)));
  }

  Worker worker(URI tables) {
    return worker(tables, time);
  }

  Worker worker(URI tables, Time itsTime) {
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
                "STREAMER_METRICS_NAMESPACE", "Shop/Streamer",
                "AWS_ENDPOINT_URL_DYNAMODB", tables.toString(),
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local"));
    var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> {
              handlers.add(Probe.class, () -> new Probe(counted));
              handlers.add(Persist.class, () -> new Persist(counted));
              handlers.add(Travel.class, () -> new Travel(counted));
              handlers.add(Terse.class, () -> new Terse(counted));
              handlers.add(Talkative.class, () -> new Talkative(counted));
              handlers.add(Chatty.class, () -> new Chatty(counted));
            }),
            environment);
    return new Worker(
        environment,
        catalogue,
        Worker.Hooks.NONE
            .onAbandoned(abandoned::incrementAndGet)
            .updates(update -> {
              updates.add(update);
              heard.accept(update);
            })
            .signals(signals::add)
            .time(itsTime));
  }

  JobId submit(String action, String payload) {
    return submit(action, payload, Optional.of(route("c1")));
  }

  JobId submit(String action, String payload, Optional<Route> route) {
    return submit(action, payload, route, Options.NONE);
  }

  /** One whose deadline is so far away. */
  JobId submit(String action, long deadlineMs) {
    var route = Optional.of(route("c1"));
    return submit(action, "{}", route, new Options(5, 0, deadlineMs, false));
  }

  private JobId submit(String action, String payload, Optional<Route> route, Options options) {
    var request = request(action, payload, route, options);
    execute(jobs.submit(request));
    return request.id();
  }

  NewJob request(String action, String payload, Optional<Route> route, Options options) {
    return new NewJob(
        UUID.randomUUID().toString(),
        CALLER,
        "request " + UUID.randomUUID(),
        action,
        RawJson.of(payload),
        Map.of(),
        Optional.empty(),
        route,
        options,
        Optional.empty());
  }

  Route route(String connection) {
    return new Route(connection, "node:n1", time.millis() + 3_600_000);
  }

  void subscribe(JobId id, String connection, Set<Kind> kinds) {
    execute(subscriptions.subscribe(find(id), CALLER, route(connection), kinds));
  }

  /** Asks for it to stop, as a gateway does. */
  void cancel(JobId id) {
    execute(dues.cancel(find(id), UUID.randomUUID().toString()));
  }

  void run(JobId id) throws Exception {
    start(id).get();
  }

  /** One invocation, for the epoch that the job has. */
  Future<?> start(JobId id) {
    var epoch = find(id).epoch();
    return invocations.submit(() -> {
      worker.run(id, epoch, AMPLE);
      return null;
    });
  }

  /** As a dispatcher does: lets time pass until the job is due, and has it started again. */
  void awaken(JobId id) {
    var job = find(id);
    time.advance(Duration.ofMillis(Math.max(0, job.dueAt().orElseThrow() - time.millis())));
    while (true) {
      switch (Due.of(MINUTE, MINUTE, Duration.ofDays(7), _ -> ATTEMPTS)
          .decide(job, time.millis())) {
        case Due.Decision.Start start -> {
          execute(dues.start(job, start, UUID.randomUUID().toString()));
          return;
        }
        case Due.Decision other -> {
          time.advance(Duration.ofSeconds(5));
          if (time.millis() > job.leaseUntil() + 3_600_000) {
            throw new IllegalStateException("not to be started: " + other);
          }
        }
      }
    }
  }

  /** Lets time pass until the invocation has ended. */
  void timePassesUntilDone(Future<?> invocation, Duration step)
      throws InterruptedException, ExecutionException {
    Until.holds(
        "the invocation ends",
        () -> {
          time.advance(step);
          return isOver(invocation);
        });
    invocation.get();
  }

  /** Gives it some real time for what its time brought about. */
  private static boolean isOver(Future<?> invocation) throws InterruptedException {
    try {
      invocation.get(20, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException _) {
      return true;
    }
  }

  /** Lets time pass until the invocation has ended, not faster than the lease is renewed. */
  void leaseIsRenewedUntilDone(JobId id, Future<?> invocation) throws Exception {
    Until.holds(
        "the invocation ends",
        () -> {
          renewed(id, invocation);
          return invocation.isDone();
        });
    invocation.get();
  }

  void renewed(JobId id, Future<?> invocation) {
    var lease = find(id).leaseUntil();
    time.advance(Duration.ofSeconds(20));
    Until.holds(
        "the lease is renewed", () -> invocation.isDone() || find(id).leaseUntil() != lease);
  }

  /** The next frame, for which time has to pass. */
  PushTarget.Frame frameInTime() {
    return frameInTime(Duration.ofSeconds(1));
  }

  PushTarget.Frame frameInTime(Duration step) {
    return Until.matches(
            "a frame comes",
            () -> {
              var frame = node.poll(Duration.ofMillis(20));
              if (frame.isEmpty()) {
                time.advance(step);
              }
              return frame;
            },
            Optional::isPresent)
        .orElseThrow();
  }

  void untilCalled(int times) {
    Until.matches("the handler is called", calls::get, called -> called >= times);
  }

  /** As a handler that takes no notice of its interrupts. */
  static void awaitDeaf(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException _) {
        // goes on
      }
    }
  }

  Job find(JobId id) {
    return execute(jobs.find(id)).orElseThrow();
  }

  static <T> T execute(Call<T> call) {
    return call.run(request -> SdkRequests.send(client, request));
  }
}
