package io.streamer.shared.action;

import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.FileWriter;
import io.streamer.handler.Part;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.handler.StepBody;
import io.streamer.handler.StoredFile;
import io.streamer.shared.job.Annotations;
import io.streamer.shared.job.Digest;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.KeptValue;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.protocol.WireText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run as far as it is the same wherever a handler runs: its facts, its annotations, and the
 * bounds of what a handler may say. A handler may call it from several threads of its own.
 *
 * <p>Unless a subclass says otherwise it is one that is answered on the spot: it has no events, a
 * checkpoint does nothing, and a step is done and not stored.
 */
public abstract class BoundedRun implements Run {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedRun.class);
  private static final int MOST_MESSAGE = 200;
  private static final int MOST_FILES = 100;
  private static final int MOST_EVENT_NAME = 64;
  private static final int MOST_STEP_NAME = 128;
  private static final int MOST_EVENT_BYTES = 64 << 10;
  private static final Pattern FILE_NAME =
      Pattern.compile("(?!\\.{1,2}$)[^/\\\\\\p{Cntrl}]{1,128}");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("[\\w.+-]{1,64}/[\\w.+-]{1,64}(; ?charset=[\\w-]{1,32})?");

  private final String id;
  private final int attempt;
  private final Caller caller;
  private final Instant deadline;
  private final Map<String, String> metadata;
  private final Cancellation cancellation = new Cancellation();
  private final Annotations annotations = new Annotations();
  private volatile boolean over;

  // most runs need none of the rest; by whoever holds this run's lock
  private @Nullable StepNames steps;
  private @Nullable Set<Class<?>> asked;
  private @Nullable Part whole;
  private int files;
  private boolean mentioned;

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
    return annotations.entries();
  }

  @Override
  public final void annotate(String key, String value) {
    var odd = annotations.add(key, value);
    if (odd != null) {
      mention(odd);
    }
  }

  @Override
  public final void progress(double percentage, String message) {
    if (Double.isNaN(percentage)) {
      mention("a report without a number is left out");
    } else if (!over) {
      reported(Math.clamp(percentage, 0.0, 100.0), WireText.said(message, MOST_MESSAGE));
    }
  }

  @Override
  public final StoredFile file(String name, String contentType, FileWriter writer)
      throws Exception {
    var called = WireText.whole(name);
    if (!FILE_NAME.matcher(called).matches()) {
      throw new IllegalArgumentException(
          "a file's name has 1 to 128 characters, without slashes and control characters");
    }
    if (!CONTENT_TYPE.matcher(contentType).matches()) {
      throw new IllegalArgumentException("a content type looks like text/csv");
    }
    if (countFile() > MOST_FILES) {
      throw Failure.refused("TOO_MANY_FILES", "a run writes up to " + MOST_FILES + " files");
    }
    return begin(() -> store(called, contentType, writer));
  }

  private synchronized int countFile() {
    return ++files;
  }

  @Override
  public final void emit(String name, Object value) {
    var called = named("an event's", name, MOST_EVENT_NAME);
    var json = Payloads.write(value);
    if (json.utf8().length > MOST_EVENT_BYTES) {
      throw new IllegalArgumentException(
          "an event has up to " + (MOST_EVENT_BYTES >> 10) + " KB as JSON");
    }
    beginQuietly(() -> {
      emitted(called, json);
      return json;
    });
  }

  @Override
  public final <T> Optional<T> checkpoint(Class<T> type) {
    var kept = new KeptValue<>("the checkpoint", type);
    asked().add(type);
    return restored().map(kept::read);
  }

  @Override
  public final void checkpoint(@Nullable Object value) {
    var json = KeptValue.checkpoint(value, asked());
    beginQuietly(() -> {
      reached(json);
      return json;
    });
  }

  @Override
  public final <T extends @Nullable Object> T step(String name, Class<T> type, StepBody<T> body)
      throws Exception {
    var called = named("a step's", name, MOST_STEP_NAME);
    var kept = new KeptValue<>("the result of the step " + called, type);
    var names = steps();
    names.take(called);
    var done = false;
    try {
      var before = beginQuietly(() -> stepped(called));
      var result = before.isPresent() ? before.get() : doStep(called, kept, body);
      done = true;
      return kept.read(result);
    } finally {
      if (!done) {
        names.giveBack(called);
      }
    }
  }

  private synchronized StepNames steps() {
    if (steps == null) {
      steps = new StepNames();
    }
    return steps;
  }

  private synchronized Set<Class<?>> asked() {
    if (asked == null) {
      asked = ConcurrentHashMap.newKeySet();
    }
    return asked;
  }

  private <T extends @Nullable Object> RawJson doStep(
      String name, KeptValue<T> kept, StepBody<T> body) throws Exception {
    var result = kept.write(body.run(new Digest().add(seed()).add(name).text(20)));
    // another run of the job may have been faster: what is stored counts
    return undisturbed(() -> keepStep(name, result));
  }

  @Override
  public final Part part(double weight) {
    synchronized (this) {
      if (whole == null) {
        whole = RunParts.of(new Whole());
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
    over = true;
    cancellation.cancel();
  }

  /**
   * The run is over, whatever its handler still does: what has not begun does not begin. To be
   * called before its thread is interrupted.
   */
  public final void end() {
    over = true;
  }

  /**
   * Begins something of ours on the handler's thread. An interrupt flag that the handler left set
   * has nothing to say: only a run that is over stops.
   *
   * @throws Stopped if it is over
   */
  public final <T> T begin(Callable<T> work) throws Exception {
    // the flag is taken before the look: whoever ends the run does it the other way round
    return undisturbed(() -> {
      requireGoing();
      return work.call();
    });
  }

  private <T> T beginQuietly(Supplier<T> work) {
    var interrupted = Thread.interrupted();
    try {
      requireGoing();
      return work.get();
    } finally {
      restore(interrupted);
    }
  }

  private static <T> T undisturbed(Callable<T> work) throws Exception {
    var interrupted = Thread.interrupted();
    try {
      return work.call();
    } finally {
      restore(interrupted);
    }
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireGoing() {
    if (over) {
      throw new Stopped();
    }
  }

  /** Says once what was wrong with what the handler reports: that is no reason to end a job. */
  private void mention(String odd) {
    synchronized (this) {
      if (mentioned) {
        return;
      }
      mentioned = true;
    }
    LOG.warn("{}; said once for a run", odd);
  }

  private final class Whole implements RunParts.Sink {
    @Override
    public void report(double percentage, String message) {
      progress(percentage, message);
    }

    @Override
    public void odd(String what) {
      mention(what);
    }
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

  private static String named(String whose, String name, int most) {
    if (name.isEmpty() || name.length() > most) {
      throw new IllegalArgumentException(whose + " name has 1 to " + most + " characters");
    }
    return WireText.whole(name);
  }
}
