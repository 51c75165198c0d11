package io.streamer.shared.job;

import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.FileWriter;
import io.streamer.handler.Run;
import io.streamer.handler.StoredFile;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A run as far as it is the same wherever a handler runs: its facts, its annotations, and the
 * bounds of what a handler may say. A handler may call it from several threads of its own.
 */
public abstract class BoundedRun implements Run {
  private static final int MOST_MESSAGE = 200;
  private static final int MOST_ANNOTATIONS = 16;
  private static final int MOST_KEY = 64;
  private static final int MOST_VALUE = 256;
  private static final int MOST_FILES = 100;
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
  private volatile Map<String, String> annotations = Map.of();

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

  /** Takes a report, within its bounds. */
  protected abstract void reported(double percentage, String message);

  /** Stores a file; its name, its content type and the number of files are within bounds. */
  protected abstract StoredFile store(String name, String contentType, FileWriter writer)
      throws Exception;
}
