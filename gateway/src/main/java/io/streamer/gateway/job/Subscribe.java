package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Attached;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Call;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections watch jobs besides their owner. As with {@link Attach}, one write tells the
 * job's holder and returns how the job stands at that point, and its frames wait for the answer.
 */
public final class Subscribe {
  private static final Logger LOG = LoggerFactory.getLogger(Subscribe.class);

  /** Jobs that one connection subscribes to; a few more if it asks for many at once. */
  private static final int MOST = 256;

  private static final long COME_BACK_MS = 1_000;

  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final SubscriptionCalls subscriptions;
  private final JobAccess visible;
  private final Attach attach;
  private final EventReplay missed;
  private final InstantSource clock;

  /** What a subscription met. */
  private sealed interface Watched {
    record Job(io.streamer.shared.job.Job job) implements Watched {}

    record TooMany() implements Watched {}

    record Unknown() implements Watched {}
  }

  /** An answer, and the job frames that belong to it. */
  private record Reply(Runnable answer, Supplier<Future<Void>> frames) {}

  public Subscribe(
      VertxDynamo dynamo,
      JobCalls jobs,
      SubscriptionCalls subscriptions,
      EventReplay missed,
      JobAccess visible,
      Attach attach,
      InstantSource clock) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.subscriptions = subscriptions;
    this.visible = visible;
    this.attach = attach;
    this.missed = missed;
    this.clock = clock;
  }

  /** Answers with the job and its missed events; the frames asked for follow. */
  public Future<Void> subscribe(Session session, ClientFrame.Subscribe frame) {
    return visible
        .find(session, frame.jobId(), frame.requestId(), JobAccess.READ)
        .compose(found ->
            found.isEmpty()
                ? JobAccess.unknown(session, frame.id())
                : subscribe(session, frame, found.get()))
        .recover(e -> FrameFailure.answer(session, frame.id(), e));
  }

  private Future<Void> subscribe(Session session, ClientFrame.Subscribe frame, Job seen) {
    var jobId = seen.id().value();
    return session.holding(
        List.of(jobId),
        letGo -> subscribe(session, frame, seen, letGo).onFailure(_ -> session.forgo(jobId)));
  }

  private Future<Void> subscribe(
      Session session, ClientFrame.Subscribe frame, Job seen, Runnable letGo) {
    return watch(session, frame, seen)
        .compose(watched ->
            switch (watched) {
              case Watched.Job(var job) -> reply(session, frame, job);
              case Watched.TooMany _ -> reply(() -> tooMany(session, frame));
              case Watched.Unknown _ -> reply(() -> JobAccess.unknown(session, frame.id()));
            })
        .compose(reply ->
            session.answer(
                () -> {
                  reply.answer().run();
                  letGo.run();
                },
                reply.frames()));
  }

  private Future<Watched> watch(Session session, ClientFrame.Subscribe frame, Job seen) {
    if (seen.status().terminal()) {
      // nothing more comes of it
      return Future.succeededFuture(new Watched.Job(seen));
    }
    var topic = SubscriptionCalls.topic(seen.id());
    return dynamo
        .execute(session.id(), subscriptions.byConnection(session.id()))
        .compose(topics ->
            topics.size() >= MOST && !topics.contains(topic)
                ? Future.succeededFuture(new Watched.TooMany())
                : dynamo
                    .execute(
                        session.id(),
                        subscriptions.subscribe(
                            seen, session.caller(), session.route(), frame.frames()))
                    .map(attachment ->
                        switch (attachment) {
                          case Attachment.Unknown _ -> new Watched.Unknown();
                          case Attachment.Attached(var job) -> new Watched.Job(job);
                        }));
  }

  private static Future<Reply> reply(Runnable refusal) {
    return Future.succeededFuture(new Reply(refusal, Future::succeededFuture));
  }

  private Future<Reply> reply(Session session, ClientFrame.Subscribe frame, Job job) {
    // who wants no events has missed none
    var from = frame.afterSeq() == null ? 0L : frame.afterSeq();
    var after = frame.frames().contains(Kind.EVENT) ? from : Long.MAX_VALUE;
    var ended = frame.frames().contains(Kind.TERMINAL);
    return missed
        .answer(session.id(), List.of(new EventReplay.Wanted(job, after)))
        .map(List::getFirst)
        .compose(attached ->
            (ended ? attach.ends(session, job) : Future.succeededFuture(List.<ServerFrame>of()))
                .map(ends -> reply(session, frame, job, attached, ends)));
  }

  private Reply reply(
      Session session,
      ClientFrame.Subscribe frame,
      Job job,
      Attached attached,
      List<ServerFrame> ends) {
    var kinds = wanted(session, job, frame.frames());
    return new Reply(
        () -> {
          session.send(new Response(frame.id(), WireCodec.data(attached, clock.millis())));
          Attach.told(session, attached);
          session.want(job.id().value(), kinds);
        },
        () ->
            job.status().terminal()
                ? Attach.push(
                        session,
                        ends.stream()
                            .filter(end -> kinds.contains(end.numbered().orElseThrow().kind()))
                            .iterator())
                    .compose(_ -> forget(session, job.id()))
                : Future.succeededFuture());
  }

  /** What its owner gets is not for a subscription to thin out. */
  private static Set<Kind> wanted(Session session, Job job, Set<Kind> asked) {
    return isOwner(session, job) ? Set.of(Kind.values()) : asked;
  }

  private static boolean isOwner(Session session, Job job) {
    return job.route().filter(route -> route.connection().equals(session.id())).isPresent();
  }

  private Future<Void> forget(Session session, JobId job) {
    return dynamo
        .execute(session.id(), subscriptions.delete(SubscriptionCalls.topic(job), session.id()))
        .onFailure(e ->
            session
                .about()
                .job(job.value())
                .in(LOG.atDebug())
                .log("a subscription to {} stays: {}", job, e.toString()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private static void tooMany(Session session, ClientFrame.Subscribe frame) {
    session.send(
        ErrorFrame.of(
            frame.id(),
            Problem.comeBack(
                    ErrorCode.RATE_LIMITED,
                    "a connection subscribes to up to " + MOST + " jobs: unsubscribe from some",
                    COME_BACK_MS)
                .with("limit", "subscriptions")));
  }

  /**
   * Ends a subscription; the answer says whether there was one. What comes to the connection as the
   * job's owner goes on.
   */
  public Future<Void> unsubscribe(Session session, ClientFrame.Unsubscribe frame) {
    var caller = session.caller();
    var id = JobAccess.id(caller, frame.jobId(), frame.requestId());
    if (!id.wellFormed()) {
      return answer(session, frame, false);
    }
    return visible
        .find(session, frame.jobId(), frame.requestId(), JobAccess.READ)
        .compose(seen ->
            dynamo.execute(
                session.id(),
                seen.isPresent()
                    ? subscriptions.unsubscribe(id, caller.tenant(), session.id())
                    : withdraw(id, caller.tenant(), session.id())))
        .compose(there ->
            dynamo
                .execute(session.id(), jobs.find(id))
                .onSuccess(job -> {
                  // where there was none, none of its frames is on the way
                  if (there && job.filter(row -> isOwner(session, row)).isEmpty()) {
                    session.want(id.value(), Set.of());
                  }
                })
                .compose(_ -> answer(session, frame, there)))
        .recover(e -> FrameFailure.answer(session, frame.id(), e));
  }

  /** Who does not see the job (any more) has its own row taken away, and changes nobody else's. */
  private Call<Boolean> withdraw(JobId id, String tenant, String connection) {
    return subscriptions
        .delete(SubscriptionCalls.topic(id), connection)
        .then(there ->
            there
                ? subscriptions.unsubscribe(id, tenant, connection).map(_ -> true)
                : Call.done(false));
  }

  private static Future<Void> answer(
      Session session, ClientFrame.Unsubscribe frame, boolean there) {
    session.send(new Response(frame.id(), RawJson.of("{\"unsubscribed\":" + there + "}")));
    return Future.succeededFuture();
  }
}
