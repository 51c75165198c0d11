package io.streamer.handler;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a handler: who asked, what is known about the request, and the way back. */
public interface Run {

  /** The request's id, chosen by the client or, if it gave none, by the gateway. */
  String id();

  /** Which attempt this is, from 1. */
  int attempt();

  /** Who asked, as the token says. */
  Caller caller();

  /** When this attempt's time is up and its thread is interrupted. */
  Instant deadline();

  /** What the client sent along with its request; unmodifiable. */
  Map<String, String> metadata();

  /**
   * The {@code traceparent} of W3C Trace Context for calls that this run makes: of its own span
   * where the gateway or worker traces, else the client's own.
   *
   * @return empty if there is none, or the client's is not well formed
   */
  default Optional<String> traceparent() {
    return Optional.empty();
  }

  /**
   * Adds an entry to the {@code metadata} of this run's later frames. What is longer is cut, and a
   * 17th key is left out: a report never ends a run.
   *
   * @param key 1 to 64 characters
   * @param value up to 256 characters; a key given again is replaced
   */
  void annotate(String key, String value);

  /**
   * Reports how far the run has come. Cheap to call often: the newest value is sent, at most {@link
   * Action#progressPerSecond()} times a second, and kept. A value below an earlier one of the
   * attempt counts as that one, and 100 is sent once the outcome is stored.
   *
   * @param percentage 0 to 100; values outside count as the nearest bound, and a report that is not
   *     a number is left out
   * @param message what to show beside it; cut to 200 characters
   */
  void progress(double percentage, String message);

  /**
   * Writes a file that the client fetches by its URL: for results that are documents, or too large
   * for a frame.
   *
   * @param name what the client's file is called; 1 to 128 characters, no slash
   * @param contentType such as {@code text/csv}
   * @param writer called once, on this thread
   * @return the file, kept until its URL stops working
   * @throws Exception what the writer threw, or an {@link java.io.IOException} if the file cannot
   *     be stored
   */
  StoredFile file(String name, String contentType, FileWriter writer) throws Exception;

  /**
   * Adds a piece of output that clients get in order, each once, even after a lost connection. It
   * is stored first and sent then. A run that starts again voids what was emitted after its last
   * checkpoint.
   *
   * @param name 1 to 64 characters
   * @param value anything that a result can be; up to 64 KB as JSON
   * @throws IllegalArgumentException if a bound is broken or the value cannot be written; the
   *     latter is final if the handler lets it through
   * @throws IllegalStateException if the request is answered on the spot: only jobs have events
   */
  void emit(String name, Object value);

  /**
   * Where an earlier run of this job got to.
   *
   * @param type of the value that was given to {@link #checkpoint(Object)}: what a request can be
   * @return empty at the beginning or if it was null, and always for a request answered on the spot
   * @throws IllegalArgumentException if the type cannot be read from JSON
   * @throws IllegalStateException if what is stored is no such value
   */
  <T> Optional<T> checkpoint(Class<T> type);

  /**
   * Notes where the job has got to: a later run goes on from here. If the time of this invocation
   * is nearly up it does not return; the job then goes on in another one, in the same attempt. For
   * a request answered on the spot it does nothing.
   *
   * @param value up to 256 KB as JSON, and readable again as a type that {@link #checkpoint(Class)}
   *     was asked for
   * @throws IllegalArgumentException if the value is too large, or cannot be written or read again
   */
  void checkpoint(@Nullable Object value);

  /**
   * Does something once for all attempts: a result that is stored is not computed again. At least
   * once, stored once: after a crash between the work and its storing it is done again, with the
   * same key. For a request answered on the spot nothing is stored.
   *
   * <p>Behind a cancel or a timeout no step begins: an {@link Error} ends the handler.
   *
   * @param name 1 to 128 characters, different for each step of a run
   * @param type of the result: what a request can be, or {@code Void} for none; asked before the
   *     body is called
   * @param body called on this thread, unless its result is there already
   * @return what the body returned, as it is read from JSON, in this attempt as in later ones
   * @throws Exception what the body threw
   * @throws IllegalArgumentException if a bound is broken, the type cannot be read from JSON, the
   *     name was used before in this run, or the result, up to 256 KB as JSON, cannot be written or
   *     read again; the last is final if the handler lets it through
   */
  <T extends @Nullable Object> T step(String name, Class<T> type, StepBody<T> body)
      throws Exception;

  /**
   * A part of the work with a progress of its own. The run is at the weighted mean of its parts;
   * make them all before the first one reports.
   *
   * @param weight relative to the other parts; what is not a number above 0 counts for nothing
   */
  Part part(double weight);

  /** Whether the job is to stop; its thread was interrupted when this became true. */
  boolean cancelled();

  /**
   * Has something done when the job is cancelled, at once if it is already: closing what the
   * handler waits for. It is run on another thread; what it throws is logged.
   */
  void onCancel(Runnable action);
}
