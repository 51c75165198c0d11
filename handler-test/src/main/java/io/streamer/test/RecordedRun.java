package io.streamer.test;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.StoredFile;
import io.streamer.shared.job.BoundedRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run that keeps what its handler says. */
final class RecordedRun extends BoundedRun {
  private final List<Report> reports = new ArrayList<>();

  RecordedRun(
      String id, int attempt, Caller caller, Instant deadline, Map<String, String> metadata) {
    super(id, attempt, caller, deadline, metadata);
  }

  @Override
  protected synchronized void reported(double percentage, String message) {
    double least = reports.isEmpty() ? 0 : reports.getLast().percentage();
    reports.add(new Report(Math.max(percentage, least), message));
  }

  @Override
  protected StoredFile store(String name, String contentType, FileWriter writer) {
    throw new UnsupportedOperationException("files are not stored yet");
  }

  synchronized List<Report> reports() {
    return List.copyOf(reports);
  }
}
