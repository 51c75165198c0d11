package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.NotAskedException;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.log.Seldom;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Makes a connection the owner of jobs: one write sets the route, and what it returns is how the
 * job stands at that point. Frames that come in between are held back until the answer is out; the
 * connection drops those whose number it has had.
 */
public final class Attach {
  /** A client may name a row that cannot be read in each hello. */
  private static final Seldom SELDOM =
      new Seldom(LoggerFactory.getLogger(Attach.class), InstantSource.system());

  private static final Set<Kind> ALL = Set.of(Kind.values());

  /** Numbers that an epoch has. */
  private static final long EPOCH = 1_000_000_000L;

  /** Results that are at hand before a {@code welcome}; one more may go over it. */
  private static final int AT_HAND_BYTES = 128 * 1024;

  private final VertxDynamo dynamo;
  private final Ownership ownership;
  private final JobResults results;
  private final EventReplay missed;
  private final AbandonedJobs departures;

  public Attach(
      VertxDynamo dynamo,
      Ownership ownership,
      EventReplay missed,
      JobResults results,
      AbandonedJobs departures) {
    this.dynamo = dynamo;
    this.ownership = ownership;
    this.missed = missed;
    this.results = results;
    this.departures = departures;
  }

  /** Answers {@code hello}: each named job of the caller's own comes here from now on. */
  public Future<Void> hello(Session session, ClientFrame.Hello hello) {
    var ids = hello.lastSeq().keySet().stream().filter(id -> new JobId(id).wellFormed()).toList();
    return session
        .holding(ids, letGo -> hello(session, hello, ids, letGo))
        .recover(e -> FrameFailure.answer(session, hello.id(), e));
  }

  private Future<Void> hello(
      Session session, ClientFrame.Hello hello, List<String> ids, Runnable letGo) {
    var routed = new ArrayList<Optional<Job>>(Collections.nCopies(ids.size(), Optional.empty()));
    return routeAll(session, ids, routed)
        .compose(found -> answered(session, hello, found))
        .compose(answered ->
            session.answer(
                () -> {
                  welcome(session, hello, answered);
                  letGo.run();
                },
                () -> pushEnds(session, answered).onFailure(_ -> session.comeBack())))
        // those that no welcome has announced
        .onFailure(_ ->
            routed.stream()
                .flatMap(Optional::stream)
                .forEach(job -> session.forgo(job.id().value())));
  }

  /**
   * Those of them that are the caller's, in the order of the frame. A few are asked for at a time:
   * the others wait here, where they cost nothing.
   */
  private Future<List<Job>> routeAll(Session session, List<String> ids, List<Optional<Job>> found) {
    var next = new AtomicInteger();
    var lanes = new ArrayList<Future<Void>>();
    for (int lane = 0; lane < Math.min(VertxDynamo.SHARE, ids.size()); lane++) {
      lanes.add(routeNext(session, ids, next, found));
    }
    return Future.join(lanes).map(_ -> found.stream().flatMap(Optional::stream).toList());
  }

  private Future<Void> routeNext(
      Session session, List<String> ids, AtomicInteger next, List<Optional<Job>> found) {
    int at = next.getAndIncrement();
    if (at >= ids.size() || !session.isConnected()) {
      return Future.succeededFuture();
    }
    return route(session, ids.get(at))
        .onSuccess(job -> found.set(at, job))
        // the others need not be asked for: there will be no welcome
        .onFailure(_ -> next.set(ids.size()))
        .compose(_ -> routeNext(session, ids, next, found));
  }

  /**
   * What a {@code hello} is answered with.
   *
   * @param back the jobs of which the client has seen more than there is
   * @param ends that are at hand
   * @param rest jobs that may have ended besides
   */
  private record Answered(
      List<Attached> attached, Set<String> back, List<ServerFrame> ends, List<Job> rest) {}

  private Future<Answered> answered(Session session, ClientFrame.Hello hello, List<Job> found) {
    var back = new HashSet<String>();
    var wanted = new ArrayList<EventReplay.Wanted>();
    for (var job : found) {
      var id = job.id().value();
      long seen = hello.lastSeq().getOrDefault(id, 0L);
      if (isAhead(job, seen)) {
        back.add(id);
        seen = 0;
      }
      wanted.add(new EventReplay.Wanted(job, seen));
    }
    return missed
        .answer(session.id(), wanted)
        .compose(attached ->
            atHand(session, found, 0, 0, new ArrayList<>())
                .map(hand ->
                    new Answered(
                        attached, back, hand.frames(), found.subList(hand.jobs(), found.size()))));
  }

  /**
   * A job that ran has sent more than its row says, but nothing of an epoch to come; one that has
   * ended has sent nothing above its end.
   */
  private static boolean isAhead(Job job, long seen) {
    var complete = job.status().terminal() || job.epoch() == 0;
    return complete ? seen > job.seq() : seen >= job.firstSeq() + EPOCH;
  }

  private record AtHand(List<ServerFrame> frames, int jobs) {}

  /**
   * The first ends: who has the answer waits for them and asks no more. Together they are no more
   * than one or two messages; others are read when it is their turn.
   */
  private Future<AtHand> atHand(
      Session session, List<Job> jobs, int from, int bytes, List<ServerFrame> sofar) {
    if (from == jobs.size() || bytes >= AT_HAND_BYTES) {
      return Future.succeededFuture(new AtHand(List.copyOf(sofar), from));
    }
    return ends(session, jobs.get(from))
        .compose(frames -> {
          sofar.addAll(frames);
          int more = frames.stream().mapToInt(Attach::bytes).sum();
          return atHand(session, jobs, from + 1, bytes + more, sofar);
        });
  }

  private static int bytes(ServerFrame frame) {
    return frame instanceof ServerFrame.Complete(_, _, _, ServerFrame.Result.Inline(var json), _)
        ? json.utf8().length
        : 0;
  }

  /** One after the other: together they may be more than a connection takes, and than fits here. */
  private Future<Void> pushEnds(Session session, Answered answered) {
    return push(session, answered.ends().iterator())
        .compose(
            there -> there ? rest(session, answered.rest().iterator()) : Future.succeededFuture());
  }

  private Future<Void> rest(Session session, Iterator<Job> jobs) {
    if (!jobs.hasNext()) {
      return Future.succeededFuture();
    }
    return ends(session, jobs.next())
        .compose(frames -> push(session, frames.iterator()))
        .compose(there -> there ? rest(session, jobs) : Future.succeededFuture());
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
            attached.size() == hello.lastSeq().size() && answered.back().isEmpty(),
            attached,
            terms.heartbeatMs(),
            terms.maxAgeMs(),
            terms.maxMessageBytes(),
            terms.maxFrameBytes(),
            terms.server()));
    // before anything of theirs counts as had
    answered.back().forEach(session::restart);
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
   * Sends frames.
   *
   * @return false if the connection is gone
   */
  static Future<Boolean> push(Session session, Iterator<ServerFrame> rest) {
    if (!rest.hasNext()) {
      return Future.succeededFuture(true);
    }
    return session
        .push(rest.next())
        .compose(there -> there ? push(session, rest) : Future.succeededFuture(false));
  }

  /**
   * The frames that end the job, if it has ended and its result is not gone. While not all who
   * watch were told, the 100 % of a success may be on its way to a connection that is older than
   * the job, and was acknowledged: behind this end it would be dropped.
   */
  Future<List<ServerFrame>> ends(Session session, Job job) {
    if (!job.status().terminal()) {
      return Future.succeededFuture(List.of());
    }
    var hundred =
        session.connectedAt() <= job.createdAt() && !Ownership.told(job)
            ? job.hundred()
            : Optional.<ServerFrame>empty();
    return results
        .of(session.id(), job)
        .map(job::terminalFrame)
        .map(end ->
            end.map(last -> Stream.concat(hundred.stream(), Stream.of(last)).toList())
                .orElse(List.of()));
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
            .execute(session.id(), ownership.share(job))
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
        .execute(session.id(), ownership.takeOver(seen, session.route(), departures::hasLeft))
        .onSuccess(resumption -> {
          if (resumption instanceof Resumption.Resumed(var resumed)) {
            departures.owns(session, resumed);
          }
        });
  }

  private Future<Void> pushEnd(Session session, Job job) {
    return ends(session, job).compose(frames -> push(session, frames.iterator())).mapEmpty();
  }

  private Future<Optional<Job>> route(Session session, String jobId) {
    return dynamo
        .execute(
            session.id(),
            ownership.attach(
                new JobId(jobId), session.caller(), session.route(), departures::hasLeft))
        .map(attachment ->
            switch (attachment) {
              case Attachment.Unknown _ -> Optional.<Job>empty();
              case Attachment.Attached(var job) -> {
                departures.owns(session, job);
                yield Optional.of(job);
              }
            })
        .recover(e -> {
          if (!(e instanceof NotAskedException)) {
            // the route may be set, and no welcome announces the job
            session.forgo(jobId);
          }
          if (FrameFailure.isStoreAway(e)) {
            return Future.failedFuture(e);
          }
          // a newer version's: the others of this hello can be read
          SELDOM.fault(session.about().job(jobId), "a row cannot be read", "job " + jobId, e);
          return Future.succeededFuture(Optional.empty());
        });
  }
}
