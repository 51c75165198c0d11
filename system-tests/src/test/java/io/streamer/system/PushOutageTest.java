package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.Clients;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.job.AbandonedJobs;
import io.streamer.gateway.job.Dispatcher;
import io.streamer.gateway.job.DueJobProcessor;
import io.streamer.gateway.job.JobResults;
import io.streamer.gateway.job.Notifier;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.SdkTransport;
import io.streamer.gateway.store.Stores;
import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.blob.BlobSettings;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Due;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.StoreSettings;
import io.streamer.shared.store.Submitted;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.time.Clocks;
import io.streamer.shared.trace.Traces;
import io.streamer.testtools.Until;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/** Jobs that need no push are looked after while no push comes to an end. */
@Timeout(120)
class PushOutageTest {
  private static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  private static final int SHARD = 0;
  private static final int MOST_ERRANDS = 4;

  /** In one turn. */
  private static final int RESTARTS = 32;

  /** Some of the first page are taken before it is known that they hang; the next page is full. */
  private static final int ENDS = 270;

  private static LocalTables local;

  private final Promise<Optional<URI>> outage = Promise.promise();
  private final AtomicLong now = new AtomicLong(1_732_152_000_000L);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final Caller ann = new Caller("acme" + UUID.randomUUID(), "ann", Set.of());
  private final Iterator<String> ids =
      Stream.iterate(0, i -> i + 1)
          .map(i -> "r-" + i)
          .filter(id -> JobId.of(ann.tenant(), ann.user(), id).dueShard() == SHARD)
          .iterator();
  private final JobCalls jobs = new JobCalls(local.tables, LIMITS, clock);
  private final DueCalls dues = new DueCalls(local.tables, LIMITS, clock);
  private final Vertx vertx = Vertx.vertx();
  private Pushes pushes;
  private Dispatcher dispatcher;

  @BeforeAll
  static void createTables() {
    local = LocalTables.onDynamoDbLocal();
    local.create();
  }

  @AfterAll
  static void dropTables() {
    local.close();
  }

  @BeforeEach
  void start() {
    var environment = new Environment(Map.of("AWS_REGION", "us-east-1"));
    pushes =
        new Pushes(
            vertx,
            _ -> outage.future(),
            Clients.push(
                vertx,
                Transport.LEAN,
                () -> "",
                "us-east-1",
                AnonymousCredentialsProvider.create()),
            Meters.unread());
    var delivery = new FrameSender(vertx, new Registry(), "node:here", pushes, clock);
    var stores =
        Stores.of(
            vertx,
            new SdkTransport(vertx, local.async),
            new StoreSettings(local.tables, LIMITS, Transport.SDK),
            Meters.unread(),
            clock);
    var dynamo = stores.dynamo();
    var departures = new AbandonedJobs(dynamo, jobs, dues, delivery, Duration.ofSeconds(30), clock);
    var blobs = new Blobs(BlobSettings.read(environment), AwsSettings.read(environment), clock);
    var notifier =
        new Notifier(
            vertx,
            stores,
            new JobResults(vertx, dynamo, jobs, new Results(blobs)),
            delivery,
            Traces.NONE,
            Meters.unread(),
            Clocks.of(clock));
    var due = Due.of(LIMITS.lease(), LIMITS.dueAfter(), LIMITS.retention(), _ -> 2);
    var upkeep = new DueJobProcessor(dynamo, dues, due, notifier, departures, Traces.NONE, clock);
    dispatcher =
        new Dispatcher(dynamo, dues, upkeep, () -> Set.of(SHARD), Duration.ofDays(1), MOST_ERRANDS);
    vertx.deployVerticle(dispatcher).await();
  }

  @AfterEach
  void stop() {
    over();
    vertx.close().await();
    pushes.close();
  }

  @Test
  void whatNeedsNoPushIsDoneBehindMoreEndsThanThereIsRoomFor() {
    var ends =
        IntStream.range(0, ENDS)
            .mapToObj(_ -> submit(Options.NONE))
            .peek(job -> run(dues.cancel(job, nonce())))
            .toList();
    // due behind all of them
    now.addAndGet(1_000);
    var lost = submit(Options.NONE);
    assertThat(run(jobs.claim(lost.id(), 0, nonce()))).isInstanceOf(Claim.Claimed.class);
    var late = submit(new Options(0, 0, 65_000L, false));
    now.addAndGet(80_000);

    turnUntil(lost, JobStatus.QUEUED);
    turnUntil(late, JobStatus.TIMED_OUT);
    assertThat(job(lost).attempt()).isEqualTo(2);
    assertThat(ends).anyMatch(job -> job(job).dueAt().isPresent());

    over();
    now.addAndGet(120_000);
    ends.forEach(this::turnUntilTold);
    turnUntilTold(late);
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 150})
  void manyThatStayQueuedAreStartedAgainSoManyAtATimeAndHideNothing(int many) {
    over();
    var queued = IntStream.range(0, many).mapToObj(_ -> submit(Options.NONE)).toList();
    now.addAndGet(1_000);
    var lost = submit(Options.NONE);
    assertThat(run(jobs.claim(lost.id(), 0, nonce()))).isInstanceOf(Claim.Claimed.class);
    var late = submit(new Options(0, 0, 65_000L, false));
    now.addAndGet(80_000);

    int restarted = 0;
    int turns = 0;
    while (restarted < many) {
      dispatcher.turn().await();
      turns++;
      var sofar = (int) queued.stream().filter(job -> job(job).dueAt().get() > now.get()).count();
      assertThat(sofar - restarted).isBetween(0, RESTARTS);
      restarted = sofar;
      assertThat(turns).isLessThan(30);
    }
    assertThat(turns).isGreaterThanOrEqualTo(Math.ceilDiv(many, RESTARTS));
    assertThat(job(lost).attempt()).isEqualTo(2);
    assertThat(job(late).status()).isEqualTo(JobStatus.TIMED_OUT);
    // nobody else's concern
    queued.forEach(job -> run(dues.cancel(job(job), nonce())));
    run(dues.cancel(job(lost), nonce()));
    now.addAndGet(120_000);
    queued.forEach(this::turnUntilTold);
  }

  @Test
  void itTellsHowManyWereDueAndForHowLong() {
    over();
    var queued = IntStream.range(0, 3).mapToObj(_ -> submit(Options.NONE)).toList();
    now.addAndGet(LIMITS.dueAfter().toMillis() + 20_000);
    dispatcher.turn().await();
    assertThat(dispatcher.backlog().jobs()).isEqualTo(3);
    assertThat(dispatcher.backlog().age(now.get())).isEqualTo(20);

    dispatcher.turn().await();
    assertThat(dispatcher.backlog().jobs()).isZero();
    assertThat(dispatcher.backlog().age(now.get())).isZero();
    queued.forEach(job -> run(dues.cancel(job(job), nonce())));
    now.addAndGet(120_000);
    queued.forEach(this::turnUntilTold);
  }

  /** Turns that the outage held up may still have some in their hands. */
  private void turnUntilTold(Job job) {
    Until.matches(
        "it is due no more",
        () -> {
          dispatcher.turn().await();
          return job(job);
        },
        now -> now.dueAt().isEmpty());
  }

  /** Looks again and again: a turn ends only once its pushes do. */
  private void turnUntil(Job job, JobStatus wanted) {
    Until.matches(
        "it is " + wanted,
        () -> {
          var _ = dispatcher.turn();
          return job(job);
        },
        now -> now.status() == wanted);
  }

  /** Nobody knows where the node is before this; then it is known to have left. */
  private void over() {
    outage.tryComplete(Optional.empty());
  }

  private Job submit(Options options) {
    var request =
        new NewJob(
            UUID.randomUUID().toString(),
            ann,
            ids.next(),
            "due.twice",
            RawJson.of("{}"),
            Map.of(),
            Optional.empty(),
            Optional.of(new Route("c-1", "node:away", 1_999_999_999L)),
            options,
            Optional.empty());
    return ((Submitted.Stored) run(jobs.submit(request))).job();
  }

  private Job job(Job job) {
    return run(jobs.find(job.id())).orElseThrow();
  }

  private static <T> T run(Call<T> call) {
    return local.run(LocalTables.Way.BLOCKING, call);
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
