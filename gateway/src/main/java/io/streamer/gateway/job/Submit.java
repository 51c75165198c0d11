package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.NotAskedException;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.log.Remark;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.AckStatus;
import io.streamer.shared.protocol.ServerFrame.Acknowledgment;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Submitted;
import io.streamer.shared.table.Call;
import io.streamer.shared.trace.SpanAttribute;
import io.streamer.shared.trace.SpanName;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores a job, then says so. */
public final class Submit {
  private static final Logger LOG = LoggerFactory.getLogger(Submit.class);
  private static final Set<Kind> ALL = Set.of(Kind.values());

  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final Attach attach;
  private final Consumer<Supplier<Remark>> log;

  public Submit(VertxDynamo dynamo, JobCalls jobs, Attach attach, Consumer<Supplier<Remark>> log) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.attach = attach;
    this.log = log;
  }

  /** Answers the request once its job is stored, or was found stored before. */
  public Future<Void> store(Session session, ClientFrame.Request request, ActionCall call) {
    var id = call.id();
    var job = newJob(session, request, call);
    var jobId = JobId.of(session.caller().tenant(), session.caller().user(), id).value();
    // a worker may be faster than this task learns of its own write
    return session.holding(List.of(jobId), _ -> store(session, request, call, job, jobId));
  }

  private Future<Void> store(
      Session session, ClientFrame.Request request, ActionCall call, NewJob job, String jobId) {
    var id = call.id();
    return put(dynamo, session, request, call, jobs.submit(job))
        .compose(submitted ->
            switch (submitted) {
              case Submitted.Stored(var stored) -> {
                log.accept(() ->
                    new Remark(
                        stored.about(), request.action() + " " + id + " queued as job " + jobId));
                session.want(jobId, ALL);
                session.send(acknowledged(stored, id));
                attach.owns(session, stored);
                yield Future.<Void>succeededFuture();
              }
              case Submitted.Duplicate(var existing) -> {
                discard(dynamo, jobs, job);
                yield attach.repeated(session, existing, id);
              }
              case Submitted.Clash _ -> {
                discard(dynamo, jobs, job);
                yield clash(session, id);
              }
            })
        .recover(e -> {
          if (e instanceof NotAskedException) {
            return FrameFailure.answer(session, id, e);
          }
          // it may be stored all the same: no frame of it comes before the answer that says so
          session.forgo(jobId);
          return FrameFailure.mayHaveStarted(session, id, e);
        });
  }

  /** Has the job stored, with a span of that. */
  static Future<Submitted> put(
      VertxDynamo dynamo,
      Session session,
      ClientFrame.Request request,
      ActionCall call,
      Call<Submitted> submit) {
    var received = call.traced().span();
    var storing = received.child(SpanName.STORE, request.action());
    return dynamo
        .execute(session.id(), submit)
        .onComplete(
            submitted -> {
              if (submitted instanceof Submitted.Stored(var stored)) {
                received.put(SpanAttribute.JOB, stored.id().value());
              }
              storing.end();
            },
            e -> {
              storing.failed(e.getClass().getName());
              storing.end();
            });
  }

  private static Acknowledgment acknowledged(Job stored, String id) {
    return stored.status() == JobStatus.WAITING
        ? new Acknowledgment(id, stored.id().value(), AckStatus.SCHEDULED, "scheduled", null)
        : new Acknowledgment(id, stored.id().value(), AckStatus.QUEUED, "queued", null);
  }

  static NewJob newJob(Session session, ClientFrame.Request request, ActionCall call) {
    return new NewJob(
        UUID.randomUUID().toString(),
        session.caller(),
        call.id(),
        request.action(),
        request.payload(),
        request.metadata(),
        call.traced().traceparent(),
        Optional.of(session.route()),
        request.options(),
        Optional.empty());
  }

  /** What a refused request left in the store is nobody's; nobody waits for it to go. */
  static void discard(VertxDynamo dynamo, JobCalls jobs, NewJob refused) {
    dynamo
        .execute(jobs.discard(refused))
        .onFailure(e ->
            refused
                .about()
                .in(LOG.atDebug())
                .log("the payload of {} stays: {}", refused.id(), e.toString()));
  }

  static Future<Void> clash(Session session, String id) {
    session.send(
        ErrorFrame.of(
            id,
            Problem.of(
                ErrorCode.DUPLICATE_REQUEST,
                "the id was used before with another action or payload")));
    return Future.succeededFuture();
  }
}
