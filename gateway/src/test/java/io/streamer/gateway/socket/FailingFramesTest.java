package io.streamer.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.streamer.gateway.action.Actions;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.connection.Sockets;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.job.AbandonedJobs;
import io.streamer.gateway.job.Attach;
import io.streamer.gateway.job.Control;
import io.streamer.gateway.job.EventReplay;
import io.streamer.gateway.job.FrameFailure;
import io.streamer.gateway.job.JobAccess;
import io.streamer.gateway.job.JobResults;
import io.streamer.gateway.job.Notifier;
import io.streamer.gateway.job.Overrun;
import io.streamer.gateway.job.Submit;
import io.streamer.gateway.job.Subscribe;
import io.streamer.gateway.routing.Router;
import io.streamer.gateway.signal.FaultyCounters;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.OneRow;
import io.streamer.gateway.store.Stores;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Ownership;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.shared.trace.Traces;
import io.streamer.testtools.Until;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Frames at which an Error is thrown where nobody reckons with one: each is answered as our own
 * fault, nothing of it stays taken, and the socket goes on.
 */
@Timeout(60)
class FailingFramesTest {
  private static final Caller ANN = new Caller("acme", "ann", Set.of());
  private static final String JOB = JobId.of("acme", "ann", "r-1").value();

  private final Vertx vertx = Vertx.vertx();
  private final FaultyCounters counters = new FaultyCounters("out");
  private final OneRow row = new OneRow(vertx);
  private final AtomicReference<@Nullable Throwable> atNextLine = new AtomicReference<>();
  private final Meters meters = new Meters(counters);
  private final FrameSignals signals = new FrameSignals(meters);
  private final InstantSource clock = InstantSource.system();
  private final VertxDynamo dynamo = new VertxDynamo(vertx, row);
  private final JobLimits limits =
      new JobLimits(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
  private final Tables tables = new Tables("t");
  private final JobCalls jobs = new JobCalls(tables, limits, clock);
  // no run of this test writes files
  private final Actions actions = new Actions(vertx, clock, null);
  private final AtomicInteger untilFault = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> atThatTime = new AtomicReference<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Registry registry = new Registry(signals);
  private final Router router = router();
  private final Sockets sockets = Sockets.of(vertx, registry, this::serve);

  private Router router() {
    var stores =
        new Stores(
            row,
            dynamo,
            jobs,
            new DueCalls(tables, limits, clock),
            new EventCalls(tables),
            new SubscriptionCalls(tables, limits, clock),
            new Ownership(tables, limits, clock),
            null,
            null);
    var results = new JobResults(vertx, dynamo, jobs, null);
    var missed = new EventReplay(dynamo, stores.events(), clock);
    var departures =
        new AbandonedJobs(dynamo, jobs, stores.dues(), null, Duration.ofHours(1), clock);
    var attach = new Attach(dynamo, stores.ownership(), missed, results, departures);
    var visible = new JobAccess(dynamo, jobs);
    var clocks = new Clocks(clock, this::nanoTime);
    var notifier =
        new Notifier(
            vertx,
            stores,
            results,
            new FrameSender(vertx, registry, "node:here", null, clock),
            Traces.NONE,
            Meters.unread(),
            clocks);
    var overrun = new Overrun(vertx, stores, results, attach, notifier, clocks, _ -> {});
    return new Router(
        actions,
        new Router.Jobs(
            new Submit(dynamo, jobs, attach, _ -> {}),
            new Control(dynamo, stores.dues(), visible, results, notifier, overrun),
            attach,
            new Subscribe(dynamo, jobs, stores.subscriptions(), missed, visible, attach, clock),
            overrun),
        Duration.ofMillis(20),
        signals,
        Traces.NONE,
        clock,
        _ -> FaultyCounters.fail(atNextLine));
  }

  /** Of calls that overrun: the one that is counted down to fails. */
  private long nanoTime() {
    if (untilFault.get() > 0 && untilFault.decrementAndGet() == 0) {
      failed.complete(null);
      FaultyCounters.fail(atThatTime);
    }
    return System.nanoTime();
  }

  private void serve(SocketSession session) {
    MessageReader.serve(
        session,
        router,
        new MessageReader.Limits(10_000, 1_000),
        new UnderWay(new UnderWay.Total(1_000_000)),
        new Strangers(LoggerFactory.getLogger(FailingFramesTest.class), clock),
        () -> {},
        () -> {});
  }

  @AfterEach
  void stop() {
    gate.countDown();
    vertx.close().await();
  }

  /** Is always a job. */
  @Action(value = "queued", expected = "1h")
  public static final class Queued implements Handler<RawJson, String> {
    @Override
    public String handle(RawJson request, Run run) {
      throw new AssertionError("a worker does");
    }
  }

  /** Answers behind a gate. */
  @Action(value = "overruns", expected = "1ms")
  public static final class Overruns implements Handler<RawJson, String> {
    private final CountDownLatch gate;

    Overruns(CountDownLatch gate) {
      this.gate = gate;
    }

    @Override
    public String handle(RawJson request, Run run) throws InterruptedException {
      gate.await();
      return "through";
    }
  }

  /** Fails behind a gate. */
  @Action(value = "gives-up", expected = "1ms")
  public static final class GivesUp implements Handler<RawJson, String> {
    private final CountDownLatch gate;

    GivesUp(CountDownLatch gate) {
      this.gate = gate;
    }

    @Override
    public String handle(RawJson request, Run run) throws InterruptedException {
      gate.await();
      throw Failure.refused("NO", "no");
    }
  }

  private void serveActions() {
    HandlerModule module =
        (handlers, _) -> {
          handlers.add(Queued.class, Queued::new);
          handlers.add(Overruns.class, () -> new Overruns(gate));
          handlers.add(GivesUp.class, () -> new GivesUp(gate));
        };
    actions
        .serve(Catalogue.of(List.of(module), new Environment(Map.of())), Duration.ofMillis(20))
        .await();
  }

  private void store() {
    dynamo
        .execute(
            jobs.submit(
                new NewJob(
                    "run",
                    ANN,
                    "r-1",
                    "resize",
                    RawJson.NULL,
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Options.NONE,
                    Optional.empty())))
        .await();
  }

  static Stream<Error> errors() {
    return Stream.of(
        new StackOverflowError(),
        new OutOfMemoryError("Java heap space: secret"),
        new NoClassDefFoundError("com/secret/Thing"),
        new AssertionError("secret"));
  }

  /** Frames that are answered without the tables, and what the answer is known by. */
  static Stream<Arguments> frames() {
    return errors()
        .flatMap(error ->
            Stream.of(
                Arguments.of("{\"type\":\"ping\",\"id\":\"f-1\"}", error, false),
                Arguments.of(
                    "{\"type\":\"request\",\"id\":\"f-1\",\"action\":\"no.such\"}", error, false),
                Arguments.of(
                    "{\"type\":\"request\",\"id\":\"f-1\",\"action\":\"no.such\"}", error, true)));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void isAnsweredByItsIdAsOurFault(String frame, Error error, boolean atLine) {
    if (atLine) {
      atNextLine.set(error);
    } else {
      counters.failNext(error);
    }
    var client = sockets.open();
    client.send(frame);
    assertOurs(client.next(), "f-1");
    client.send("{\"type\":\"ping\",\"id\":\"f-2\"}");
    assertThat(new JsonObject(client.next()).getString("type")).isEqualTo("pong");
    assertThat(meters.counter(Metric.ANSWERS, "unavailable").count()).isEqualTo(1);
    assertThat(router.idle()).isTrue();
  }

  @Test
  void aFrameThatCannotBeReadIsAnsweredAsOurFaultIfItsRefusalFails() {
    atNextLine.set(new AssertionError("secret"));
    var client = sockets.open();
    client.send("{\"type\":\"what\",\"id\":\"f-1\"}");
    assertOurs(client.next(), "f-1");
    assertThat(router.idle()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aHelloWhoseWelcomeFailsHoldsNothingBack(Error error) {
    var client = sockets.open();
    counters.failNext(error);
    client.send("{\"type\":\"hello\",\"id\":\"f-1\",\"last_seq\":{\"" + JOB + "\":0}}");
    assertOurs(client.next(), "f-1");
    assertFramesPass(client);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aSubscriptionWhoseAnswerFailsHoldsNothingBack(Error error) {
    store();
    var client = sockets.open();
    client.send("{\"type\":\"hello\",\"id\":\"f-0\",\"last_seq\":{\"" + JOB + "\":0}}");
    client.next();
    counters.failNext(error);
    client.send("{\"type\":\"subscribe\",\"id\":\"f-1\",\"job_id\":\"" + JOB + "\"}");
    assertOurs(client.next(), "f-1");
    assertFramesPass(client);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aStatusWhoseAnswerFailsIsAnsweredAsOurFault(Error error) {
    store();
    var client = sockets.open();
    counters.failNext(error);
    client.send("{\"type\":\"status\",\"id\":\"f-1\",\"job_id\":\"" + JOB + "\"}");
    assertOurs(client.next(), "f-1");
    assertThat(router.idle()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aCancelWhoseAnswerFailsHoldsNothingBack(Error error) {
    store();
    var client = sockets.open();
    counters.failNext(error);
    client.send("{\"type\":\"cancel\",\"id\":\"f-1\",\"job_id\":\"" + JOB + "\"}");
    assertOurs(client.next(), "f-1");
    assertFramesPass(client);
  }

  /** What was not acknowledged is not wanted; what is asked for then is not held back. */
  @ParameterizedTest
  @MethodSource("errors")
  void aJobWhoseAcknowledgmentFailsIsNotHeldBackOnceItIsAskedFor(Error error) {
    serveActions();
    var client = sockets.open();
    counters.failNext(error);
    client.send("{\"type\":\"request\",\"id\":\"r-1\",\"action\":\"queued\"}");
    assertOurs(client.next(), "r-1");
    client.send("{\"type\":\"hello\",\"id\":\"f-2\",\"last_seq\":{\"" + JOB + "\":0}}");
    assertThat(new JsonObject(client.next()).getString("type")).isEqualTo("welcome");
    assertFramesPass(client);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anOverrunWhoseAcknowledgmentFailsIsNotHeldBackOnceItIsAskedFor(Error error) {
    serveActions();
    var client = sockets.open();
    counters.failNext(error);
    client.send("{\"type\":\"request\",\"id\":\"r-1\",\"action\":\"overruns\"}");
    Until.holds("it was stored", row::isThere);
    Until.matches(
        "its job is announced",
        () -> {
          client.send("{\"type\":\"hello\",\"id\":\"f-2\",\"last_seq\":{\"" + JOB + "\":0}}");
          return new JsonObject(client.next()).getJsonArray("jobs");
        },
        jobs -> jobs != null && !jobs.isEmpty());
    assertFramesPass(client);
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void anOverrunThatCannotBeStoredIsAnsweredWithItsReply(Throwable thrown) {
    serveActions();
    var client = sockets.open();
    atThatTime.set(thrown);
    // the first time is asked for when the call begins to be watched
    untilFault.set(2);
    client.send("{\"type\":\"request\",\"id\":\"r-1\",\"action\":\"overruns\"}");
    failed.join();
    gate.countDown();
    var answer = new JsonObject(client.next());
    assertThat(answer.getString("type")).isEqualTo("response");
    assertThat(answer.getString("request_id")).isEqualTo("r-1");
    Until.holds("nothing waits for its answer", router::idle);
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void anOverrunWhoseEndCannotBeAskedForIsEndedWithTheNextTry(Throwable thrown) {
    serveActions();
    var client = sockets.open();
    client.send("{\"type\":\"request\",\"id\":\"r-1\",\"action\":\"gives-up\"}");
    assertThat(new JsonObject(client.next()).getString("type")).isEqualTo("acknowledgment");
    row.failNextUpdate(thrown);
    gate.countDown();
    Until.holds("nothing is in flight", router::idle);
    client.send("{\"type\":\"ping\",\"id\":\"f-9\"}");
    assertThat(new JsonObject(client.next()).getString("type")).as("no error").isEqualTo("pong");
  }

  static Stream<Throwable> thrown() {
    return Stream.concat(errors(), Stream.of(new IllegalStateException("secret")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ping\",\"id\":\"f-1\"}",
        "{\"type\":\"hello\",\"id\":\"f-1\",\"last_seq\":{}}"
      })
  void manyThatFailAtOnePlaceAreALineWithTheIdOfTheFirst(String frame) {
    var lines = new ListAppender<ILoggingEvent>();
    var logger = (Logger) LoggerFactory.getLogger(FrameFailure.class);
    var error = new AssertionError("secret of " + frame);
    error.setStackTrace(new StackTraceElement[] {place(frame)});
    var client = sockets.open();
    var answers = new ArrayList<String>();
    lines.start();
    logger.addAppender(lines);
    try {
      for (int i = 0; i < 100; i++) {
        counters.failNext(error);
        client.send(frame);
        answers.add(client.next());
      }
    } finally {
      logger.detachAppender(lines);
    }
    answers.forEach(answer -> assertOurs(answer, "f-1"));
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.getFirst().getFormattedMessage())
        .contains(errorId(answers.getFirst()))
        .doesNotContain("secret");
    assertThat(lines.list.getFirst().getThrowableProxy()).isNotNull();
  }

  /** Each its own, whatever else has failed in this process. */
  private static StackTraceElement place(String frame) {
    return new StackTraceElement("io.streamer.gateway.At", frame, "At.java", 1);
  }

  private static String errorId(String answer) {
    return new JsonObject(answer)
        .getJsonObject("error")
        .getJsonObject("details")
        .getString("error_id");
  }

  private static void assertOurs(String text, @Nullable String id) {
    assertThat(text).doesNotContain("secret");
    var answer = new JsonObject(text);
    assertThat(answer.getString("type")).isEqualTo("error");
    assertThat(answer.getString("request_id")).isEqualTo(id);
    var problem = answer.getJsonObject("error");
    assertThat(problem.getString("code")).isEqualTo("INTERNAL_ERROR");
    assertThat(problem.getJsonObject("details").getString("error_id")).isNotBlank();
  }

  private static void assertFramesPass(Sockets.Client client) {
    var progress = new ServerFrame.Progress("r-1", JOB, 7, 50, "half", 1, Map.of());
    client.session().deliver(WireCodec.write(progress, 1)).await();
    client.send("{\"type\":\"ping\",\"id\":\"f-9\"}");
    var first = new JsonObject(client.next());
    assertThat(first.getString("type")).isEqualTo("progress");
    assertThat(first.getString("job_id")).isEqualTo(JOB);
  }
}
