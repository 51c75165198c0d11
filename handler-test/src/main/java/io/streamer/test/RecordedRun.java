package io.streamer.test;

import io.streamer.handler.Caller;
import io.streamer.handler.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run that keeps what its handler says. */
final class RecordedRun implements Run {
  private static final int MAX_MESSAGE = 200;
  private static final int MAX_KEYS = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 256;

  private final String id;
  private final int attempt;
  private final Caller caller;
  private final Instant deadline;
  private final Map<String, String> metadata;
  private final List<Report> reports = new ArrayList<>();
  private final Map<String, String> annotations = new LinkedHashMap<>();

  RecordedRun(
      String id, int attempt, Caller caller, Instant deadline, Map<String, String> metadata) {
    this.id = id;
    this.attempt = attempt;
    this.caller = caller;
    this.deadline = deadline;
    this.metadata = Map.copyOf(metadata);
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
  public synchronized void annotate(String key, String value) {
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw new IllegalArgumentException("a key is 1 to " + MAX_KEY + " characters");
    }
    if (value.length() > MAX_VALUE) {
      throw new IllegalArgumentException("a value is up to " + MAX_VALUE + " characters");
    }
    if (annotations.size() == MAX_KEYS && !annotations.containsKey(key)) {
      throw new IllegalArgumentException("a run has up to " + MAX_KEYS + " annotations");
    }
    annotations.put(key, value);
  }

  @Override
  public synchronized void progress(double percentage, String message) {
    if (Double.isNaN(percentage)) {
      throw new IllegalArgumentException("the percentage is not a number");
    }
    double least = reports.isEmpty() ? 0 : reports.getLast().percentage();
    reports.add(
        new Report(
            Math.clamp(percentage, least, 100),
            message.substring(0, Math.min(message.length(), MAX_MESSAGE))));
  }

  synchronized List<Report> reports() {
    return List.copyOf(reports);
  }

  synchronized Map<String, String> annotations() {
    return new LinkedHashMap<>(annotations);
  }
}
