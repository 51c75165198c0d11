package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame.Attached;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.store.event.Events;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The events that a connection has missed: in an answer, within its bounds, or as frames. */
public final class EventReplay {
  /** What an answer has room for: a message has up to 128 KB, the rest is its envelope's. */
  private static final int ANSWER_BYTES = 100_000;

  /** With less room than this, no more events are looked for. */
  private static final int LEAST_ROOM = ANSWER_BYTES / 8;

  /**
   * What is read for one answer before the jobs that are left get but their {@code next}: a client
   * may name 64 jobs, and each may have large chunks of which it wants little.
   */
  private static final long MOST_READ = 400_000;

  private static final int PAGE_BYTES = 100_000;

  private final VertxDynamo dynamo;
  private final EventCalls events;
  private final InstantSource clock;

  /**
   * A job for an answer.
   *
   * @param after the connection has its events up to this number
   */
  public record Wanted(Job job, long after) {}

  /** One answer while it is put together. */
  private static final class Answer {
    final List<Attached> jobs = new ArrayList<>();
    int room = ANSWER_BYTES;
    long read;

    /** The first job is always looked at: each answer brings its client on. */
    boolean full() {
      return room <= 0 || (!jobs.isEmpty() && (room < LEAST_ROOM || read >= MOST_READ));
    }
  }

  public EventReplay(VertxDynamo dynamo, EventCalls events, InstantSource clock) {
    this.dynamo = dynamo;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Puts jobs into one answer, each of them, and as many of their events as it has room for. About
   * {@value #MOST_READ} bytes are read for all, and whatever the job behind them needs.
   */
  public Future<List<Attached>> answer(String connection, List<Wanted> wanted) {
    var answer = new Answer();
    for (var one : wanted) {
      answer.room -= bytes(new Attached(one.job().snapshot()));
    }
    return add(connection, wanted.iterator(), answer).map(done -> List.copyOf(done.jobs));
  }

  private int bytes(Attached attached) {
    return WireCodec.data(attached, clock.millis()).utf8().length;
  }

  private Future<Answer> add(String connection, Iterator<Wanted> rest, Answer answer) {
    if (!rest.hasNext()) {
      return Future.succeededFuture(answer);
    }
    var next = rest.next();
    var job = next.job();
    if (answer.full()) {
      var behind = next.after() < job.eventSeq() ? next.after() : null;
      answer.jobs.add(new Attached(job.snapshot(), List.of(), behind));
      return add(connection, rest, answer);
    }
    return dynamo
        .execute(connection, events.after(job, next.after(), answer.room))
        .compose(found -> {
          answer.read += found.read();
          answer.jobs.add(fit(next, found, answer));
          return add(connection, rest, answer);
        });
  }

  /** The store's count of bytes is rough. */
  private Attached fit(Wanted wanted, Events found, Answer answer) {
    var fitting = new ArrayList<Replayed>();
    for (var event : found.events()) {
      int bytes = WireCodec.write(event, clock.millis()).length + 1;
      if (bytes > answer.room) {
        break;
      }
      answer.room -= bytes;
      fitting.add(event);
    }
    var snapshot = wanted.job().snapshot();
    if (fitting.size() == found.events().size()) {
      return new Attached(snapshot, fitting, found.next().orElse(null));
    }
    return new Attached(
        snapshot, fitting, fitting.isEmpty() ? wanted.after() : fitting.getLast().seq());
  }

  /**
   * Sends the job's events after a number, up to the last one that this image of it knows of, each
   * once the one before is out.
   *
   * @return false if the connection is gone
   */
  Future<Boolean> send(Session session, Job job, long after) {
    return dynamo
        .execute(session.id(), events.after(job, after, PAGE_BYTES))
        .compose(page ->
            send(session, page.events().iterator())
                .compose(there ->
                    there && page.next().isPresent()
                        ? send(session, job, page.next().get())
                        : Future.succeededFuture(there)));
  }

  private static Future<Boolean> send(Session session, Iterator<Replayed> rest) {
    if (!rest.hasNext()) {
      return Future.succeededFuture(true);
    }
    return session
        .push(rest.next())
        .compose(there -> there ? send(session, rest) : Future.succeededFuture(false));
  }
}
