package io.streamer.test;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.job.Definition;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a handler as production does: its request goes through the binder, its result through the
 * writer, and it is called on a virtual thread that is interrupted when its time is up.
 *
 * <pre>{@code
 * var run = TestRun.of(new Quote(Map.of("A", TEN)));
 * var price = run.run(new Quote.Request("A")).completed().as(Quote.Price.class);
 * }</pre>
 *
 * <p>For one test at a time; not for several threads.
 *
 * @param <I> the handler's request
 */
public final class TestRun<I> {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Definition definition;
  private final Duration grace;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private String id = "test-run";
  private int attempt = 1;
  private Caller caller;
  private Duration timeout;
  private @Nullable RecordedRun last;

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
    return new TestRun<>(definition(handler), grace);
  }

  // the class of a Handler<I, O>, or the superclass that carries its @Action
  @SuppressWarnings({"unchecked", "MustBeClosedChecker"})
  private static <I, O> Definition definition(Handler<I, O> handler) {
    Class<?> type = handler.getClass();
    while (!type.isAnnotationPresent(Action.class)
        && type.getSuperclass() != null
        && Handler.class.isAssignableFrom(type.getSuperclass())) {
      type = type.getSuperclass();
    }
    var declaring = (Class<? extends Handler<I, O>>) type;
    return Catalogue.of(
            List.of((handlers, _) -> handlers.add(declaring, () -> handler)), _ -> Optional.empty())
        .definitions()
        .iterator()
        .next();
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

  /** Runs the handler with a request, written as JSON and read again. */
  public Outcome run(I request) throws InterruptedException {
    return run(Payloads.write(request));
  }

  /** Runs the handler with a payload as a client writes it. */
  public Outcome runJson(String payload) throws InterruptedException {
    return run(RawJson.of(payload));
  }

  private Outcome run(RawJson payload) throws InterruptedException {
    var run = new RecordedRun(id, attempt, caller, Instant.now().plus(timeout), metadata);
    last = run;
    for (var permission : definition.needs()) {
      if (!caller.has(permission)) {
        return new Outcome.Forbidden("the permission " + permission + " is missing");
      }
    }
    try {
      Payloads.requireJson(payload);
      var request = definition.bind(payload);
      return call(request, run);
    } catch (InvalidPayload invalid) {
      return new Outcome.Invalid(
          invalid.fields().stream()
              .map(field -> new Outcome.Field(field.pointer(), field.message()))
              .toList());
    }
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

  private Outcome call(Object request, RecordedRun run) throws InterruptedException {
    var result = new AtomicReference<@Nullable RawJson>();
    var thrown = new AtomicReference<@Nullable Throwable>();
    var thread =
        Thread.ofVirtual()
            .name(definition.action())
            .start(() -> {
              try {
                result.set(definition.call(request, run));
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    if (!thread.join(timeout)) {
      thread.interrupt();
      return new Outcome.TimedOut(timeout, thread.join(grace));
    }
    return outcome(result.get(), thrown.get());
  }

  private static Outcome outcome(@Nullable RawJson result, @Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> completed(result == null ? RawJson.NULL : result);
      case Failure failure ->
          switch (failure.kind()) {
            case REFUSED -> new Outcome.Refused(failure.reason(), failure.getMessage());
            case FORBIDDEN -> new Outcome.Forbidden(failure.getMessage());
            case TRY_AGAIN -> new Outcome.TryAgain(failure.reason(), failure.getMessage());
          };
      case Exception exception -> new Outcome.Failed(exception);
      // an assertion in a fake is the test's own
      case Error error -> throw error;
      default -> throw new AssertionError("neither exception nor error", thrown);
    };
  }

  /** Production sends RawJson as it is; here it is looked at once. */
  private static Outcome completed(RawJson result) {
    try {
      Payloads.requireJson(result);
      return new Outcome.Completed(result);
    } catch (InvalidPayload e) {
      return new Outcome.Failed(new IllegalStateException("the result " + e.getMessage(), e));
    }
  }
}
