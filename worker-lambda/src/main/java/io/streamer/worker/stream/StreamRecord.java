package io.streamer.worker.stream;

import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One record of a table's stream, as Lambda hands it over. */
public sealed interface StreamRecord {

  /** Names the record in an answer to Lambda. */
  String sequenceNumber();

  /**
   * A change of an item.
   *
   * @param start the job that it asks to be started
   */
  record Change(String sequenceNumber, Optional<JobStart> start) implements StreamRecord {}

  /** A change that may ask for a start, and does not say of what. */
  record Unreadable(String sequenceNumber, String why) implements StreamRecord {}

  /**
   * Reads a batch; what cannot be read in one record leaves the others alone.
   *
   * @throws IOException if it is no batch at all, or a record has no number to name it by
   */
  static List<StreamRecord> readBatch(InputStream batch) throws IOException {
    var records = new ArrayList<StreamRecord>();
    for (var record : JsonTree.read(batch).member("Records").elements()) {
      var change = record.member("dynamodb");
      var number = change.member("SequenceNumber").text();
      try {
        var image = change.find("NewImage");
        records.add(new Change(number, image.isPresent() ? start(image.get()) : Optional.empty()));
      } catch (JsonTree.MismatchException | IllegalArgumentException e) {
        records.add(new Unreadable(number, String.valueOf(e.getMessage())));
      }
    }
    return records;
  }

  /** Looks at nothing else: whatever another version has written beside it does no harm. */
  private static Optional<JobStart> start(JsonTree image) throws JsonTree.MismatchException {
    if (!text(image, "start", "S").equals("1")
        || !text(image, "status", "S").equals(JobStatus.QUEUED.name())) {
      return Optional.empty();
    }
    var id = new JobId(text(image, "jobId", "S"));
    if (!id.wellFormed()) {
      throw new IllegalArgumentException("a started job without its jobId");
    }
    try {
      return Optional.of(
          new JobStart(
              id,
              Long.parseLong(text(image, "epoch", "N")),
              text(image, "action", "S"),
              Optional.of(text(image, "trace", "S")).filter(trace -> !trace.isEmpty())));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("a started job without its epoch");
    }
  }

  /** Of an attribute in the typed JSON of stream events, {@code {"S":"…"}}; or empty. */
  private static String text(JsonTree image, String name, String type)
      throws JsonTree.MismatchException {
    var attribute = image.find(name);
    var value = attribute.isPresent() ? attribute.get().find(type) : Optional.<JsonTree>empty();
    return value.isPresent() ? value.get().text() : "";
  }
}
