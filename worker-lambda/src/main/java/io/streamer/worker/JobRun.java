package io.streamer.worker;

import io.streamer.handler.Caller;
import io.streamer.handler.Run;
import java.time.Instant;
import java.util.Map;

/** A job's run as its handler sees it. */
final class JobRun implements Run {
  private static final int MOST_MESSAGE = 200;
  private static final int MOST_KEY = 64;
  private static final int MOST_VALUE = 256;

  private final String id;
  private final int attempt;
  private final Caller caller;
  private final Instant deadline;
  private final Map<String, String> metadata;
  private final Handoff handoff;

  JobRun(
      String id,
      int attempt,
      Caller caller,
      Instant deadline,
      Map<String, String> metadata,
      Handoff handoff) {
    this.id = id;
    this.attempt = attempt;
    this.caller = caller;
    this.deadline = deadline;
    this.metadata = Map.copyOf(metadata);
    this.handoff = handoff;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void annotate(String key, String value) {
    if (key.isEmpty() || key.length() > MOST_KEY) {
      throw new IllegalArgumentException("an annotation's key has 1 to 64 characters");
    }
    if (value.length() > MOST_VALUE) {
      throw new IllegalArgumentException("an annotation's value has up to 256 characters");
    }
    handoff.annotate(key, value);
  }

  @Override
  public void progress(double percentage, String message) {
    if (Double.isNaN(percentage)) {
      throw new IllegalArgumentException("the percentage is not a number");
    }
    handoff.progress(Math.clamp(percentage, 0.0, 100.0), cut(message));
  }

  /** The first 200 characters, without half a surrogate pair at the end. */
  private static String cut(String message) {
    if (message.length() <= MOST_MESSAGE) {
      return message;
    }
    var end = Character.isHighSurrogate(message.charAt(MOST_MESSAGE - 1)) ? 1 : 0;
    return message.substring(0, MOST_MESSAGE - end);
  }
}
