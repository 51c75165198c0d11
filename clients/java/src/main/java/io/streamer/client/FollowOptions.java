package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a job that is followed. All that is given here is called one at a time, never
 * on the thread that keeps the connection.
 *
 * @param <S> the kind of options
 */
public abstract sealed class FollowOptions<S extends FollowOptions<S>>
    permits RequestOptions, AttachOptions {
  private static final int EVENT_BUFFER = 1_000;
  private static final long MAX_RESULT_BYTES = 50L * 1024 * 1024;

  @Nullable Consumer<JsonNode> frame;
  @Nullable Consumer<Progress> progress;
  @Nullable Consumer<JobEvent> event;
  @Nullable Consumer<StreamerException> lost;
  @Nullable LongConsumer voided;
  int buffer = EVENT_BUFFER;
  boolean fetch = true;
  long mostResultBytes = MAX_RESULT_BYTES;

  FollowOptions() {}

  abstract S self();

  /**
   * Hears each frame that is applied, as the server sent it: its answer or acknowledgment, its
   * numbered frames, its end. For what was missed while there was no connection and is told by how
   * the job stands, such as a percentage, a frame is made. However many wait for a slow listener,
   * all are kept.
   */
  public S onFrame(Consumer<JsonNode> listener) {
    frame = listener;
    return self();
  }

  /** Hears how far the job has come; whoever is slow hears the newest alone. */
  public S onProgress(Consumer<Progress> listener) {
    progress = listener;
    return self();
  }

  /** Reads the job's events, in place of {@link Job#events()}. */
  public S onEvent(Consumer<JobEvent> reader) {
    return onEvent(reader, e -> {});
  }

  /**
   * Reads the job's events, in place of {@link Job#events()}.
   *
   * @param behind hears, once and last, that more came than are kept for a reader
   */
  public S onEvent(Consumer<JobEvent> reader, Consumer<StreamerException> behind) {
    event = reader;
    lost = behind;
    return self();
  }

  /**
   * Hears that the events with a greater {@code seq} than this are void: the job runs again from
   * before them. Those that were not read yet are left out.
   */
  public S onVoid(LongConsumer listener) {
    voided = listener;
    return self();
  }

  /** Events kept for a reader; 1,000 unless said. */
  public S eventBuffer(int events) {
    if (events < 1) {
      throw new IllegalArgumentException("eventBuffer is at least 1, not " + events);
    }
    buffer = events;
    return self();
  }

  /** Whether a large result is fetched, or its address is the result; true unless said. */
  public S fetchResult(boolean whether) {
    fetch = whether;
    return self();
  }

  /** The most bytes of a large result; 50 MB unless said. */
  public S maxResultBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("maxResultBytes is at least 1, not " + bytes);
    }
    mostResultBytes = bytes;
    return self();
  }
}
