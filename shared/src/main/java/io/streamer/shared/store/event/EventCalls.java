package io.streamer.shared.store.event;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.store.row.EventItems;
import io.streamer.shared.store.row.EventItems.Chunk;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads back what a job's holders emitted. */
public final class EventCalls {
  private static final int CHUNKS = 20;
  private static final int FRAME_BYTES = 200;

  private final Tables tables;

  public EventCalls(Tables tables) {
    this.tables = tables;
  }

  /**
   * The job's events after a number, up to the last one that this image of the job knows of: what
   * comes behind that is sent to the route and the subscribers that the image has.
   *
   * @param maxBytes about how many they may have as frames; one at least is read, whatever its size
   */
  public Call<Events> after(Job job, long afterSeq, int maxBytes) {
    if (afterSeq >= job.eventSeq()) {
      return Call.done(new Events(List.of(), Optional.empty()));
    }
    return read(new Wanted(job, afterSeq, maxBytes), Optional.empty(), List.of());
  }

  /**
   * The events that were stored last; they may never have been sent. A holder stores more only once
   * these are sent, so whoever takes a job over, or tells its end, sends them again before any
   * frame of its own: clients drop what they have.
   */
  public Call<List<Replayed>> newest(Job job) {
    if (job.eventSeq() == 0) {
      return Call.done(List.of());
    }
    var key = JobItems.dataKey(job, EventItems.part(job.eventSeq()));
    return Call.ask(
        new StoreRequest.Get(tables.jobData(), key, true),
        answer -> answer.item().map(item -> EventItems.read(job, item).events()).orElse(List.of()));
  }

  private record Wanted(Job job, long after, int maxBytes) {}

  private Call<Events> read(Wanted wanted, Optional<Item> from, List<Chunk> sofar) {
    var job = wanted.job();
    var range =
        new StoreRequest.Range(
            tables.jobData(),
            Optional.empty(),
            "job",
            Value.of(JobItems.dataKey(job)),
            "part",
            Value.of(EventItems.part(wanted.after() + 1)),
            Value.of(EventItems.part(job.eventSeq())),
            CHUNKS,
            from,
            true);
    return Call.ask(range, Pages::rows)
        .then(rows -> {
          var chunks = new ArrayList<>(sofar);
          for (var item : rows.items()) {
            var chunk = EventItems.read(job, item);
            // a chunk whose successor does not know of it was never the job's
            while (!chunks.isEmpty() && chunks.getLast().last() > chunk.after()) {
              chunks.removeLast();
            }
            chunks.add(chunk);
          }
          var whole = rows.last().isEmpty();
          // the last one may still turn out to be nobody's
          var sure = whole ? chunks : chunks.subList(0, Math.max(0, chunks.size() - 1));
          var events = cut(wanted, sure);
          return events.next().isPresent() || whole
              ? Call.done(events)
              : read(wanted, rows.last(), chunks);
        });
  }

  private static Events cut(Wanted wanted, List<Chunk> chunks) {
    var events = new ArrayList<Replayed>();
    long bytes = 0;
    for (var chunk : chunks) {
      for (var event : chunk.events()) {
        if (event.seq() <= wanted.after()) {
          continue;
        }
        bytes += FRAME_BYTES + event.bytes();
        if (bytes > wanted.maxBytes() && !events.isEmpty()) {
          return new Events(events, Optional.of(events.getLast().seq()));
        }
        events.add(event);
      }
    }
    return new Events(events, Optional.empty());
  }
}
