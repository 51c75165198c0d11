package io.streamer.worker;

import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.store.Item;
import io.streamer.shared.store.Value;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One record of a table's stream, as Lambda hands it over. */
sealed interface StreamRecord {

  /** Names the record in an answer to Lambda. */
  String sequenceNumber();

  /** What happened to an item. */
  enum EventName {
    INSERT,
    MODIFY,
    REMOVE
  }

  /**
   * What happened to one item.
   *
   * @param newImage the item afterwards; empty behind a REMOVE
   */
  record Change(EventName eventName, String sequenceNumber, Item keys, Optional<Item> newImage)
      implements StreamRecord {

    /**
     * The job that this change asks to be started.
     *
     * @throws IllegalArgumentException if it asks, and does not say which
     */
    Optional<JobStart> start() {
      return newImage.filter(Change::asks).map(Change::start);
    }

    private static boolean asks(Item image) {
      return "1".equals(text(image, "start"))
          && JobStatus.QUEUED.name().equals(text(image, "status"));
    }

    private static JobStart start(Item image) {
      var id = new JobId(text(image, "jobId"));
      if (!id.wellFormed()) {
        throw new IllegalArgumentException("a started job without its jobId");
      }
      if (!(image.attributes().get("epoch") instanceof Value.N(var digits))) {
        throw new IllegalArgumentException("a started job without its epoch");
      }
      return new JobStart(id, Long.parseLong(digits));
    }

    private static String text(Item image, String name) {
      return image.attributes().get(name) instanceof Value.S(var text) ? text : "";
    }
  }

  /** Not a change that we know how to read. */
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
        records.add(change(number, record.member("eventName").text(), change));
      } catch (JsonTree.MismatchException | IllegalArgumentException e) {
        records.add(new Unreadable(number, String.valueOf(e.getMessage())));
      }
    }
    return records;
  }

  private static Change change(String number, String event, JsonTree change)
      throws JsonTree.MismatchException {
    var image = change.find("NewImage");
    return new Change(
        EventName.valueOf(event),
        number,
        StreamImages.item(change.member("Keys")),
        image.isPresent() ? Optional.of(StreamImages.item(image.get())) : Optional.empty());
  }
}
