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
import io.streamer.shared.store.Ownership;
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
  private final Ownership ownership;
  private final JobResults results;
  private final Missed missed;
  private final Departures departures;

  public Attach(
      VertxDynamo dynamo,
      Ownership ownership,
      Missed missed,
      JobResults results,
      Departures departures) {
    this.dynamo = dynamo;
    this.ownership = ownership;
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
   * Answers a request whose job was there before, and makes the connection its owner; whoever was
   * that before goes on to get its frames. What happened up to now goes out first: behind API
   * Gateway nothing holds back the frames that come as soon as the route is set.
   */
  Future<Void> repeated(Session session, Job existing, String requestId) {
    var seen = session.seen(existing.id().value());
    if (Ownership.told(existing)) {
      // nothing more comes of it
      return session.answer(
          () -> acknowledge(session, existing, requestId),
          () -> missed.send(session, existing, seen).compose(_ -> pushEnd(session, existing)));
    }
    if (existing.eventSeq() > seen) {
      // before it has a frame by which it could resume the job: that takes the route at once
      return share(session, existing)
          .compose(shared ->
              session.answer(
                  () -> acknowledge(session, shared, requestId),
                  () -> catchUp(session, shared, seen)));
    }
    return takeOver(session, existing)
        .compose(resumption ->
            switch (resumption) {
              case Resumption.Resumed(var resumed) ->
                  session.answer(
                      () -> acknowledge(session, resumed, requestId),
                      () -> pushEnd(session, resumed));
              case Resumption.Behind(var further) -> repeated(session, further, requestId);
              case Resumption.Unknown _ ->
                  session.answer(
                      () -> acknowledge(session, existing, requestId), Future::succeededFuture);
            });
  }

  private static void acknowledge(Session session, Job job, String requestId) {
    var jobId = job.id().value();
    session.send(
        new Acknowledgment(
            requestId, jobId, AckStatus.DUPLICATE, "this request is known", job.snapshot()));
    session.want(jobId, ALL);
  }

  private Future<Job> share(Session session, Job job) {
    var alone =
        job.route()
            .filter(route -> !route.connection().equals(session.id()))
            .filter(route -> !departures.hasLeft(route))
            .isEmpty();
    return alone
        ? Future.succeededFuture(job)
        : dynamo
            .execute(ownership.share(job))
            .map(attachment ->
                switch (attachment) {
                  case Attachment.Attached(var shared) -> shared;
                  case Attachment.Unknown _ -> job;
                });
  }

  /** Goes round until nothing happened meanwhile. */
  private Future<Void> catchUp(Session session, Job job, long seen) {
    return missed
        .send(session, job, seen)
        .compose(there ->
            there ? takeOver(session, job) : Future.succeededFuture(new Resumption.Unknown()))
        .compose(resumption ->
            switch (resumption) {
              case Resumption.Resumed(var resumed) -> pushEnd(session, resumed);
              case Resumption.Behind(var further) ->
                  catchUp(session, further, Math.max(seen, job.eventSeq()));
              case Resumption.Unknown _ -> Future.<Void>succeededFuture();
            });
  }

  private Future<Resumption> takeOver(Session session, Job seen) {
    return dynamo
        .execute(ownership.takeOver(seen, session.route(), departures::hasLeft))
        .onSuccess(resumption -> {
          if (resumption instanceof Resumption.Resumed(var resumed)) {
            departures.owns(session, resumed);
          }
        });
  }

  private Future<Void> pushEnd(Session session, Job job) {
    return end(job)
        .compose(frame -> frame.map(session::push).orElse(Future.succeededFuture(true)))
        .mapEmpty();
  }

  private Future<Optional<Job>> route(Session session, String jobId) {
    return dynamo
        .execute(
            ownership.attach(
                new JobId(jobId), session.caller(), session.route(), departures::hasLeft))
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
