package io.streamer.shared.store.row;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Chunks of a job's events as rows of {@code job_data}. A chunk is named by its last number and
 * says behind which one it stands: one that was written by a holder who lost the job before the row
 * knew of it stands in nobody's way.
 */
public final class EventItems {
  private static final String PREFIX = "event#";
  private static final String AFTER = "after";
  private static final String EVENTS = "events";

  private EventItems() {}

  /**
   * A chunk read back.
   *
   * @param after the number of the last event before it
   */
  public record Chunk(long after, List<Replayed> events) {
    public long last() {
      return events.getLast().seq();
    }
  }

  public static String part(long lastSeq) {
    return PREFIX + JobItems.sorted(lastSeq);
  }

  public static Item write(long after, List<? extends Replayed> events) {
    var written = new ArrayList<Value>();
    for (var event : events) {
      var item = new Item.Builder().put("seq", event.seq());
      switch (event) {
        case ServerFrame.Event(_, _, _, var name, var data) ->
            item.put("name", name).put("data", Value.of(data));
        case ServerFrame.Rewind(_, _, _, var afterSeq) -> item.put("afterSeq", afterSeq);
      }
      written.add(new Value.M(item.build().attributes()));
    }
    return new Item.Builder().put(AFTER, after).put(EVENTS, new Value.L(written)).build();
  }

  public static Chunk read(Job job, Item item) {
    return new Chunk(
        item.whole(AFTER),
        item.list(EVENTS).stream()
            .map(element ->
                switch (element) {
                  case Value.M(var entries) -> read(job, entries);
                  case Value _ -> throw new IllegalStateException("events holds more than maps");
                })
            .toList());
  }

  private static Replayed read(Job job, java.util.Map<String, Value> entries) {
    var event = new Item(entries);
    var requestId = job.requestId();
    var jobId = job.id().value();
    var seq = event.whole("seq");
    return event
        .findWhole("afterSeq")
        .<Replayed>map(after -> new ServerFrame.Rewind(requestId, jobId, seq, after))
        .orElseGet(() ->
            new ServerFrame.Event(
                requestId, jobId, seq, event.text("name"), event.findJson("data").orElseThrow()));
  }
}
