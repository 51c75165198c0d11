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
  private static final int MOST_CHUNKS = 20;

  /** One, and the one behind it that knows of it. */
  private static final int FIRST_CHUNKS = 2;

  private static final long FRAME_BYTES = 200;

  /** With less than this part of the room left, it is not worth another read. */
  private static final int FULL_ENOUGH = 8;

  private final Tables tables;

  public EventCalls(Tables tables) {
    this.tables = tables;
  }

  /**
   * The job's events after a number, up to the last one that this image of the job knows of: what
   * comes behind that is sent to the route and the subscribers that the image has.
   *
   * <p>A chunk may have hundreds of KB, however few of its events are wanted: what is read at once
   * goes by the largest that was met, from two on, and a read that would bring more than there is
   * room for is left to the next call.
   *
   * @param maxBytes about how many they may have as frames; one at least is read, whatever its
   *     size, if there is any
   */
  public Call<Events> after(Job job, long afterSeq, int maxBytes) {
    if (afterSeq >= job.eventSeq()) {
      return Call.done(Events.NONE);
    }
    return read(new Wanted(job, afterSeq, maxBytes), Optional.empty(), Read.NOTHING);
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

  /**
   * What the pages up to now had.
   *
   * @param chunks that may be the job's
   * @param rows all that were read, and
   * @param bytes about how many they had as frames
   * @param largest of one of them, in bytes
   */
  private record Read(List<Chunk> chunks, int rows, long bytes, long largest) {
    static final Read NOTHING = new Read(List.of(), 0, 0, 1);

    Read and(Chunk chunk) {
      var all = new ArrayList<>(chunks);
      // a chunk whose successor does not know of it was never the job's
      while (!all.isEmpty() && all.getLast().last() > chunk.after()) {
        all.removeLast();
      }
      all.add(chunk);
      long size = chunk.events().stream().mapToLong(EventCalls::bytes).sum();
      return new Read(all, rows + 1, bytes + size, Math.max(largest, size));
    }

    /** Without the last one, which may still turn out to be nobody's. */
    List<Chunk> sure() {
      return chunks.subList(0, Math.max(0, chunks.size() - 1));
    }

    /** How many rows the next page may have: what fills the room and one behind it. */
    int limit(long room) {
      long fitting = Math.max(0, room) / largest + 1;
      return rows == 0 ? FIRST_CHUNKS : Math.clamp(Math.min(fitting, 2L * rows), 1, MOST_CHUNKS);
    }
  }

  private Call<Events> read(Wanted wanted, Optional<Item> from, Read sofar) {
    var job = wanted.job();
    long room = wanted.maxBytes() - fitting(wanted, sofar.sure());
    var range =
        new StoreRequest.Range(
            tables.jobData(),
            Optional.empty(),
            "job",
            Value.of(JobItems.dataKey(job)),
            "part",
            Value.of(EventItems.part(wanted.after() + 1)),
            Value.of(EventItems.part(job.eventSeq())),
            sofar.limit(room),
            from,
            true);
    return Call.ask(range, Pages::rows)
        .then(rows -> {
          var read = sofar;
          for (var item : rows.items()) {
            read = read.and(EventItems.read(job, item));
          }
          // the row knows of its newest chunk
          var whole =
              rows.last().isEmpty()
                  || (!read.chunks().isEmpty() && read.chunks().getLast().last() == job.eventSeq());
          var events = cut(wanted, whole ? read.chunks() : read.sure(), read.bytes());
          if (whole || events.next().isPresent()) {
            return Call.done(events);
          }
          return full(wanted, read)
              ? Call.done(
                  new Events(
                      events.events(), Optional.of(events.events().getLast().seq()), read.bytes()))
              : read(wanted, rows.last(), read);
        });
  }

  /** There is an event, and another read would not bring much that there is room for. */
  private static boolean full(Wanted wanted, Read read) {
    long used = fitting(wanted, read.sure());
    long worth = Math.max(read.largest(), wanted.maxBytes() / FULL_ENOUGH);
    return used > 0 && wanted.maxBytes() - used < worth;
  }

  /** The bytes of all wanted events. */
  private static long fitting(Wanted wanted, List<Chunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.events().stream())
        .filter(event -> event.seq() > wanted.after())
        .mapToLong(EventCalls::bytes)
        .sum();
  }

  private static long bytes(Replayed event) {
    return FRAME_BYTES + event.bytes();
  }

  private static Events cut(Wanted wanted, List<Chunk> chunks, long read) {
    var events = new ArrayList<Replayed>();
    long bytes = 0;
    for (var chunk : chunks) {
      for (var event : chunk.events()) {
        if (event.seq() <= wanted.after()) {
          continue;
        }
        bytes += bytes(event);
        if (bytes > wanted.maxBytes() && !events.isEmpty()) {
          return new Events(events, Optional.of(events.getLast().seq()), read);
        }
        events.add(event);
      }
    }
    return new Events(events, Optional.empty(), read);
  }
}
