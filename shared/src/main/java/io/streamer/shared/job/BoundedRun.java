package io.streamer.shared.job;

import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.FileWriter;
import io.streamer.handler.Part;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.handler.StepBody;
import io.streamer.handler.StoredFile;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.protocol.Texts;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run as far as it is the same wherever a handler runs: its facts, its annotations, and the
 * bounds of what a handler may say. A handler may call it from several threads of its own.
 *
 * <p>Unless a subclass says otherwise it is one that is answered on the spot: it has no events, a
 * checkpoint does nothing, and a step is done and not stored.
 */
public abstract class BoundedRun implements Run {
  private static final int MOST_MESSAGE = 200;
  private static final int MOST_ANNOTATIONS = 16;
  private static final int MOST_KEY = 64;
  private static final int MOST_VALUE = 256;
  private static final int MOST_FILES = 100;
  private static final int MOST_EVENT_NAME = 64;
  private static final int MOST_STEP_NAME = 128;
  private static final int MOST_EVENT_BYTES = 64 << 10;
  private static final int MOST_KEPT_BYTES = 256 << 10;
  private static final Pattern FILE_NAME =
      Pattern.compile("(?!\\.{1,2}$)[^/\\\\\\p{Cntrl}]{1,128}");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("[\\w.+-]{1,64}/[\\w.+-]{1,64}(; ?charset=[\\w-]{1,32})?");

  private final String id;
  private final int attempt;
  private final Caller caller;
  private final Instant deadline;
  private final Map<String, String> metadata;
  private final AtomicInteger files = new AtomicInteger();
  private final Cancellation cancellation = new Cancellation();
  private volatile Map<String, String> annotations = Map.of();
  private @Nullable Part whole;

  protected BoundedRun(
      String id, int attempt, Caller caller, Instant deadline, Map<String, String> metadata) {
    this.id = id;
    this.attempt = attempt;
    this.caller = caller;
    this.deadline = deadline;
    this.metadata = Map.copyOf(metadata);
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final int attempt() {
    return attempt;
  }

  @Override
  public final Caller caller() {
    return caller;
  }

  @Override
  public final Instant deadline() {
    return deadline;
  }

  @Override
  public final Map<String, String> metadata() {
    return metadata;
  }

  /** What was annotated so far, in the order of the keys' first use; unmodifiable. */
  public final Map<String, String> annotations() {
    return annotations;
  }

  @Override
  public final void annotate(String key, String value) {
    if (key.isEmpty() || key.length() > MOST_KEY) {
      throw new IllegalArgumentException(
          "an annotation's key has 1 to " + MOST_KEY + " characters");
    }
    if (value.length() > MOST_VALUE) {
      throw new IllegalArgumentException(
          "an annotation's value has up to " + MOST_VALUE + " characters");
    }
    synchronized (this) {
      var more = new LinkedHashMap<>(annotations);
      more.put(key, value);
      if (more.size() > MOST_ANNOTATIONS) {
        throw new IllegalArgumentException(
            "a run has at most " + MOST_ANNOTATIONS + " annotations");
      }
      annotations = Collections.unmodifiableMap(more);
    }
  }

  @Override
  public final void progress(double percentage, String message) {
    if (Double.isNaN(percentage)) {
      throw new IllegalArgumentException("the percentage is not a number");
    }
    reported(Math.clamp(percentage, 0.0, 100.0), Texts.cut(message, MOST_MESSAGE));
  }

  @Override
  public final StoredFile file(String name, String contentType, FileWriter writer)
      throws Exception {
    if (!FILE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a file's name has 1 to 128 characters, without slashes and control characters");
    }
    if (!CONTENT_TYPE.matcher(contentType).matches()) {
      throw new IllegalArgumentException("a content type looks like text/csv");
    }
    if (files.incrementAndGet() > MOST_FILES) {
      throw Failure.refused("TOO_MANY_FILES", "a run writes up to " + MOST_FILES + " files");
    }
    return store(name, contentType, writer);
  }

  @Override
  public final void emit(String name, Object value) {
    requireName("an event's", name, MOST_EVENT_NAME);
    emitted(name, json("an event", value, MOST_EVENT_BYTES));
  }

  @Override
  public final <T> Optional<T> checkpoint(Class<T> type) {
    return restored().map(json -> bound("the checkpoint", json, type));
  }

  @Override
  public final void checkpoint(Object value) {
    reached(json("a checkpoint", value, MOST_KEPT_BYTES));
  }

  @Override
  public final <T> T step(String name, Class<T> type, StepBody<T> body) throws Exception {
    requireName("a step's", name, MOST_STEP_NAME);
    var done = stepped(name);
    if (done.isPresent()) {
      return bound("the result of the step " + name, done.get(), type);
    }
    var result = body.run(new Digest().add(seed()).add(name).text(20));
    // another run of the job may have been faster: what is stored counts
    var json = json("the result of the step " + name, result, MOST_KEPT_BYTES);
    var stored = keepStep(name, json);
    return stored.equals(json) ? result : bound("the result of the step " + name, stored, type);
  }

  @Override
  public final Part part(double weight) {
    synchronized (this) {
      if (whole == null) {
        whole = Parts.of(this::progress);
      }
      return whole.part(weight);
    }
  }

  @Override
  public final boolean cancelled() {
    return cancellation.cancelled();
  }

  @Override
  public final void onCancel(Runnable action) {
    cancellation.then(action);
  }

  /** Tells the handler that its job is cancelled; returns at once. */
  public final void cancel() {
    cancellation.cancel();
  }

  /** Whether this ended a run at its checkpoint, for another to go on from there. */
  public static boolean isOutOfTime(Throwable thrown) {
    return thrown instanceof OutOfTime;
  }

  /** What {@link #reached} throws if there is no time left to go on. */
  protected static Error outOfTime() {
    return new OutOfTime();
  }

  /** Takes an event, within its bounds. */
  protected void emitted(String name, RawJson data) {
    throw new IllegalStateException(
        "only a job has events, and this action is answered on the spot: see its expected time");
  }

  /** The newest checkpoint of this job, if there is one. */
  protected Optional<RawJson> restored() {
    return Optional.empty();
  }

  /** Takes a checkpoint; throws {@link #outOfTime} if the run is to go on elsewhere. */
  protected void reached(RawJson checkpoint) {}

  /** The stored result of a step, if it was done before. */
  protected Optional<RawJson> stepped(String name) {
    return Optional.empty();
  }

  /** Stores a step's result; gives the one that is stored, which may be another run's. */
  protected RawJson keepStep(String name, RawJson result) {
    return result;
  }

  /** What steps' keys are made of: the same in every attempt of this job, and in no other job. */
  protected String seed() {
    return JobId.of(caller.tenant(), caller.user(), id).value();
  }

  /** Takes a report, within its bounds. */
  protected abstract void reported(double percentage, String message);

  /** Stores a file; its name, its content type and the number of files are within bounds. */
  protected abstract StoredFile store(String name, String contentType, FileWriter writer)
      throws Exception;

  private static void requireName(String whose, String name, int most) {
    if (name.isEmpty() || name.length() > most) {
      throw new IllegalArgumentException(whose + " name has 1 to " + most + " characters");
    }
  }

  private static RawJson json(String what, Object value, int most) {
    var json = Payloads.write(value);
    if (json.utf8().length > most) {
      throw new IllegalArgumentException(what + " has up to " + (most >> 10) + " KB as JSON");
    }
    return json;
  }

  // the binder makes what the type says
  @SuppressWarnings("unchecked")
  private static <T> T bound(String what, RawJson json, Class<T> type) {
    try {
      return (T) Payloads.bind(json, type);
    } catch (InvalidPayload e) {
      throw new IllegalStateException(
          what + " was stored and is no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
