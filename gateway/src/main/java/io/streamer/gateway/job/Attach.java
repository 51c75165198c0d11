package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.AckStatus;
import io.streamer.shared.protocol.ServerFrame.Acknowledgment;
import io.streamer.shared.protocol.ServerFrame.Attached;
import io.streamer.shared.protocol.ServerFrame.Welcome;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Resumption;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a connection the owner of jobs: one write sets the route, and what it returns is how the
 * job stands at that point. Frames that come in between are held back until the answer is out; the
 * connection drops those whose number it has had.
 */
public final class Attach {
  private static final Set<Kind> ALL = Set.of(Kind.values());

  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final JobResults results;
  private final Missed missed;
  private final Departures departures;

  public Attach(
      VertxDynamo dynamo, JobCalls jobs, Missed missed, JobResults results, Departures departures) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.missed = missed;
    this.results = results;
    this.departures = departures;
  }

  /** Answers {@code hello}: each named job of the caller's own comes here from now on. */
  public Future<Void> hello(Session session, ClientFrame.Hello hello) {
    var ids = hello.lastSeq().keySet().stream().filter(id -> new JobId(id).wellFormed()).toList();
    ids.forEach(session::hold);
    return Future.join(ids.stream().map(id -> route(session, id)).toList())
        .map(all ->
            all.<Optional<Job>>list().stream()
                .flatMap(Optional::stream)
                .map(job ->
                    new Missed.Wanted(job, hello.lastSeq().getOrDefault(job.id().value(), 0L)))
                .toList())
        .compose(wanted ->
            missed
                .answer(wanted)
                .compose(attached ->
                    ends(wanted.iterator(), new ArrayList<>())
                        .map(ends -> new Answered(attached, ends))))
        .onFailure(_ -> letGo(session, ids))
        .compose(answered ->
            session.answer(
                () -> {
                  welcome(session, hello, answered);
                  letGo(session, ids);
                },
                () -> push(session, answered.ends().iterator())))
        .recover(e -> Trouble.answer(session, hello.id(), e));
  }

  private record Answered(List<Attached> attached, List<ServerFrame> ends) {}

  private static void letGo(Session session, List<String> ids) {
    // those that no welcome has are announced by no answer
    ids.forEach(session::forgo);
    ids.forEach(session::release);
  }

  /** The session's request was stored as this job. */
  void owns(Session session, Job stored) {
    departures.owns(session, stored);
  }

  private static void welcome(Session session, ClientFrame.Hello hello, Answered answered) {
    var terms = session.terms();
    var attached = answered.attached();
    session.send(
        new Welcome(
            hello.id(),
            session.id(),
            attached.size() == hello.lastSeq().size(),
            attached,
            terms.heartbeatMs(),
            terms.maxAgeMs(),
            terms.maxMessageBytes(),
            terms.server()));
    for (var job : attached) {
      session.want(job.snapshot().jobId(), ALL);
      told(session, job);
    }
  }

  /** What an answer had is not to come again as a frame. */
  static void told(Session session, Attached job) {
    if (!job.events().isEmpty()) {
      session.had(job.snapshot().jobId(), job.events().getLast().seq());
    }
  }

  /**
   * The frames that end those jobs that have ended. They are at hand before the answer is: who has
   * the answer waits for them and asks no more.
   */
  private Future<List<ServerFrame>> ends(Iterator<Missed.Wanted> rest, List<ServerFrame> sofar) {
    if (!rest.hasNext()) {
      return Future.succeededFuture(List.copyOf(sofar));
    }
    return end(rest.next().job())
        .compose(frame -> {
          frame.ifPresent(sofar::add);
          return ends(rest, sofar);
        });
  }

  /** One after the other: together they may be more than a connection takes. */
  private static Future<Void> push(Session session, Iterator<ServerFrame> rest) {
    if (!rest.hasNext()) {
      return Future.succeededFuture();
    }
    return session
        .push(rest.next())
        .compose(there -> there ? push(session, rest) : Future.succeededFuture());
  }

  /** The frame that ends the job, if it has ended and its result is not gone. */
  Future<Optional<ServerFrame>> end(Job job) {
    return job.status().terminal()
        ? results.of(job).map(job::terminalFrame)
        : Future.succeededFuture(Optional.empty());
  }

  /**
   * Answers a request whose job was there before, with what happened up to now, and makes the
   * connection its owner. What happened goes out first: behind API Gateway nothing holds back the
   * frames that come as soon as the route is set.
   */
  Future<Void> repeated(Session session, Job existing, String requestId) {
    var jobId = existing.id().value();
    return session.answer(
        () -> {
          session.send(
              new Acknowledgment(
                  requestId,
                  jobId,
                  AckStatus.DUPLICATE,
                  "this request is known",
                  existing.snapshot()));
          session.want(jobId, ALL);
        },
        () -> catchUp(session, existing, session.seen(jobId)));
  }

  /** Goes round until nothing happened meanwhile. */
  private Future<Void> catchUp(Session session, Job job, long seen) {
    return missed
        .send(session, job, seen)
        .compose(there ->
            there
                ? dynamo.execute(
                    jobs.resume(job.id(), owner(session), session.route(), job.eventSeq()))
                : Future.succeededFuture(new Resumption.Unknown()))
        .compose(resumption ->
            switch (resumption) {
              case Resumption.Resumed(var resumed) -> {
                departures.owns(session, resumed);
                yield end(resumed)
                    .compose(frame -> frame.map(session::push).orElse(Future.succeededFuture(true)))
                    .mapEmpty();
              }
              case Resumption.Behind(var further) ->
                  catchUp(session, further, Math.max(seen, job.eventSeq()));
              case Resumption.Unknown _ -> Future.<Void>succeededFuture();
            });
  }

  private static String owner(Session session) {
    return Job.owner(session.caller().tenant(), session.caller().user());
  }

  private Future<Optional<Job>> route(Session session, String jobId) {
    return dynamo
        .execute(jobs.attach(new JobId(jobId), owner(session), session.route()))
        .map(attachment ->
            switch (attachment) {
              case Attachment.Unknown _ -> Optional.<Job>empty();
              case Attachment.Attached(var job) -> {
                departures.owns(session, job);
                yield Optional.of(job);
              }
            });
  }
}
