package io.streamer.test;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.shared.action.Definition;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.settings.Durations;
import io.streamer.shared.settings.Setting;
import io.streamer.test.Plan.Fate;
import io.streamer.test.Plan.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a handler as production does: its request goes through the binder, its result through the
 * writer, and it is called on a thread as there, which is interrupted when its time is up.
 *
 * <pre>{@code
 * var run = TestRun.of(new Quote(Map.of("A", TEN)));
 * var price = run.run(new Quote.Request("A")).completed().as(Quote.Price.class);
 * }</pre>
 *
 * <p>A job may be cut short and go on, as it does in production:
 *
 * <pre>{@code
 * var run = TestRun.of(new Sync(fakeShop));
 * assertEquals(new Outcome.Crashed(), run.crashAfterCheckpoint(2).run(request));
 * run.next().completed();
 * }</pre>
 *
 * <p>For one test at a time; not for several threads.
 *
 * @param <I> the handler's request
 */
public final class TestRun<I> {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration THRESHOLD = Durations.parse(Setting.SYNC_THRESHOLD.fallback());

  private final Definition definition;
  private final Duration grace;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private String id = "test-run";
  private int attempt = 1;
  private Caller caller;
  private Duration timeout;
  private boolean always;
  private Plan plan = Plan.NOTHING;
  private RawJson payload = RawJson.NULL;
  private StoredJob job = new StoredJob();
  private int running = 1;
  private @Nullable RecordedRun last;
  private @Nullable Outcome outcome;

  private TestRun(Definition definition, Duration grace) {
    this.definition = definition;
    this.grace = grace;
    this.caller = new Caller("test-tenant", "test-user", Set.copyOf(definition.needs()));
    this.timeout = definition.timeout();
  }

  /**
   * Takes the handler; closing it stays with the test.
   *
   * @throws IllegalStateException if production would refuse to register its class, and why
   */
  public static <I, O> TestRun<I> of(Handler<I, O> handler) {
    return of(handler, GRACE);
  }

  static <I, O> TestRun<I> of(Handler<I, O> handler, Duration grace) {
    return new TestRun<>(Definitions.of(handler), grace);
  }

  /** The request's id; {@code test-run} unless set. */
  public TestRun<I> id(String id) {
    this.id = id;
    return this;
  }

  /** Who asks; unless set, somebody with the permissions that the action needs. */
  public TestRun<I> caller(String tenant, String user, String... permissions) {
    this.caller = new Caller(tenant, user, Set.of(permissions));
    return this;
  }

  /** Adds an entry to the request's metadata. */
  public TestRun<I> metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Which attempt it is, from 1. */
  public TestRun<I> attempt(int attempt) {
    if (attempt < 1 || attempt > definition.attempts()) {
      throw new IllegalArgumentException(
          definition.action() + " has attempts 1 to " + definition.attempts() + ", not " + attempt);
    }
    this.attempt = attempt;
    return this;
  }

  /** How long the handler may take; unless set, what its {@link Action#timeout} says. */
  public TestRun<I> timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /**
   * Runs every request as a job. Without this one that is expected to take up to 5 s is answered on
   * the spot, where there are no events, no checkpoints and no second attempt. For actions whose
   * module estimates each request, which a test without the module does not know of.
   */
  public TestRun<I> asJob() {
    always = true;
    return this;
  }

  /** The process of the next run is gone once its n-th checkpoint is stored. */
  public TestRun<I> crashAfterCheckpoint(int n) {
    return plan(new Moment.Checkpoint(n), Fate.CRASH);
  }

  /** The process of the next run is gone once its n-th event is stored. */
  public TestRun<I> crashAfterEvent(int n) {
    return plan(new Moment.Event(n), Fate.CRASH);
  }

  /** The process of the next run is gone once this step is done and before that is stored. */
  public TestRun<I> crashInStep(String name) {
    return plan(new Moment.Step(name), Fate.CRASH);
  }

  /** The next run's invocation has no more time at its n-th checkpoint, which does not return. */
  public TestRun<I> outOfTimeAtCheckpoint(int n) {
    return plan(new Moment.Checkpoint(n), Fate.OUT_OF_TIME);
  }

  /** The job is cancelled when the next run has stored its n-th checkpoint. */
  public TestRun<I> cancelAtCheckpoint(int n) {
    return plan(new Moment.Checkpoint(n), Fate.CANCEL);
  }

  /** The job is cancelled when the next run reports this percentage, or more. */
  public TestRun<I> cancelAtProgress(double percentage) {
    return plan(new Moment.Progress(percentage), Fate.CANCEL);
  }

  /** The job is cancelled when the next run has taken so long, whatever it waits for then. */
  public TestRun<I> cancelAfter(Duration time) {
    return plan(new Moment.After(time), Fate.CANCEL);
  }

  private TestRun<I> plan(Moment moment, Fate fate) {
    plan = new Plan(moment, fate);
    return this;
  }

  /** Runs the handler with a request, written as JSON and read again. */
  public Outcome run(I request) throws InterruptedException {
    // a client's JSON may be anything; what is wrong with it is an outcome
    return begin(request instanceof RawJson raw ? raw : Payloads.write(request));
  }

  /** Runs the handler with a payload as a client writes it. */
  public Outcome runJson(String payload) throws InterruptedException {
    return begin(RawJson.of(payload));
  }

  private Outcome begin(RawJson payload) throws InterruptedException {
    this.payload = payload;
    job = new StoredJob();
    running = attempt;
    return run();
  }

  /**
   * Goes on with the job as production does: after {@link Outcome.OutOfTime} in the same attempt,
   * else in the next one; from its last checkpoint, with its steps' results. Events behind that
   * checkpoint are void.
   *
   * @throws IllegalStateException if the job has ended, or has no attempt left
   */
  public Outcome next() throws InterruptedException {
    if (last != null && !last.stores()) {
      throw new IllegalStateException(
          definition.action() + " is answered on the spot, in one attempt: see asJob()");
    }
    running = new Attempts(definition).behind(running, outcome);
    job.rewind();
    return run();
  }

  private Outcome run() throws InterruptedException {
    var now = plan;
    plan = Plan.NOTHING;
    outcome = run(now);
    return outcome;
  }

  private Outcome run(Plan now) throws InterruptedException {
    last = null;
    for (var permission : definition.needs()) {
      if (!caller.has(permission)) {
        return new Outcome.Forbidden("the permission " + permission + " is missing");
      }
    }
    try {
      Payloads.requireJson(payload);
      var request = definition.bind(payload);
      var attempt = new RecordedRun.Attempt(running, isJob(request, now), now);
      var deadline = Instant.now().plus(timeout);
      var run = new RecordedRun(id, attempt, caller, deadline, metadata, job);
      last = run;
      return new HandlerCall(definition, timeout, grace).make(request, run, now);
    } catch (InvalidPayload invalid) {
      return new Outcome.Invalid(
          invalid.fields().stream()
              .map(field -> new Outcome.Field(field.pointer(), field.message()))
              .toList());
    }
  }

  private boolean isJob(Object request, Plan now) {
    if (always || definition.estimate(request).compareTo(THRESHOLD) > 0) {
      return true;
    }
    if (now.equals(Plan.NOTHING)) {
      return false;
    }
    throw new IllegalStateException(
        definition.action()
            + " is answered on the spot, and only jobs crash, run out of time or are cancelled:"
            + " raise its expected time, or call asJob()");
  }

  /** How long production expects this request to take: above 5 s it becomes a job. */
  public Duration estimate(I request) throws InvalidPayload {
    return definition.estimate(definition.bind(Payloads.write(request)));
  }

  /** What the last run reported, oldest first; clients get these conflated. */
  public List<Report> progress() {
    return last == null ? List.of() : last.reports();
  }

  /** What the last run annotated, in order. */
  public Map<String, String> annotations() {
    return last == null ? Map.of() : last.annotations();
  }

  /** What the last run stored with {@link io.streamer.handler.Run#file}, by name, in order. */
  public Map<String, TestFile> files() {
    return last == null ? Map.of() : last.files();
  }

  /** What the job has emitted so far, as a client has it that drops what is void. */
  public List<TestEvent> events() {
    return job.events();
  }

  /**
   * The job's last checkpoint.
   *
   * @throws AssertionError if it is no such value
   */
  public <T> Optional<T> checkpoint(Class<T> type) {
    return job.checkpoint().map(json -> TestEvent.restored("the checkpoint", json, type));
  }

  /** How often the body of this step was called, in all runs of the job. */
  public int calls(String step) {
    return job.calls(step);
  }

  /**
   * The longest that production waits before the next attempt, by {@link Action#retry} and by what
   * the failure said.
   *
   * @return empty if the last run was no failed attempt, or the last attempt
   */
  public Optional<Duration> longestWait() {
    return new Attempts(definition).longestWait(running, outcome);
  }
}
