package io.streamer.test;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.StoredFile;
import io.streamer.shared.job.BoundedRun;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run that keeps what its handler says. */
final class RecordedRun extends BoundedRun {
  private static final Duration URL_WORKS = Duration.ofHours(1);

  private final List<Report> reports = new ArrayList<>();
  private final Map<String, TestFile> files = new LinkedHashMap<>();

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
  protected StoredFile store(String name, String contentType, FileWriter writer) throws Exception {
    var bytes = new ByteArrayOutputStream();
    writer.write(bytes);
    var file = new TestFile(name, contentType, bytes.toByteArray());
    synchronized (this) {
      files.put(name, file);
    }
    return new StoredFile(
        "https://files.test/" + URLEncoder.encode(name, StandardCharsets.UTF_8),
        bytes.size(),
        Instant.now().plus(URL_WORKS));
  }

  synchronized Map<String, TestFile> files() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  synchronized List<Report> reports() {
    return List.copyOf(reports);
  }
}
