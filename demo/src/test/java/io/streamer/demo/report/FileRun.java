package io.streamer.demo.report;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.StoredFile;
import io.streamer.shared.action.BoundedRun;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A run that keeps the one file it is given. */
final class FileRun extends BoundedRun {
  static final Instant EXPIRES = Instant.parse("2025-02-01T00:00:00Z");

  final List<Double> percentages = new ArrayList<>();
  final List<String> messages = new ArrayList<>();
  final ByteArrayOutputStream content = new ByteArrayOutputStream();
  String name = "";
  String contentType = "";

  FileRun() {
    super("r", 1, new Caller("t", "u", Set.of()), Instant.MAX, Map.of());
  }

  @Override
  protected void reported(double percentage, String message) {
    percentages.add(percentage);
    messages.add(message);
  }

  @Override
  protected StoredFile store(String name, String contentType, FileWriter writer) throws Exception {
    this.name = name;
    this.contentType = contentType;
    writer.write(content);
    return new StoredFile("https://files.test/" + name, content.size(), EXPIRES);
  }
}
