package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.protocol.ServerFrame.Result;
import io.streamer.shared.protocol.ServerFrame.Snapshot;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.store.JobCalls;
import io.vertx.core.Future;
import java.util.Optional;

/** What a client asks of a job that exists. */
public final class Control {
  private static final String READ_OTHERS = "jobs:read";

  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final JobResults results;

  public Control(VertxDynamo dynamo, JobCalls jobs, JobResults results) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.results = results;
  }

  /** Answers with the job's snapshot and, if it has ended, its outcome. */
  public Future<Void> status(Session session, ClientFrame.Status status) {
    var caller = session.caller();
    var byJobId = status.jobId();
    var requestId = status.requestId();
    var jobId =
        byJobId != null
            ? new JobId(byJobId)
            : JobId.of(caller.tenant(), caller.user(), requestId == null ? "" : requestId);
    return dynamo
        .execute(jobs.find(jobId))
        .map(found -> found.filter(job -> mayRead(caller, job, byJobId != null)))
        .compose(found -> {
          if (found.isEmpty()) {
            session.send(
                ErrorFrame.of(status.id(), Problem.of(ErrorCode.NOT_FOUND, "no such job")));
            return Future.<Void>succeededFuture();
          }
          var job = found.get();
          return results
              .of(job)
              .onSuccess(result ->
                  session.send(new Response(status.id(), WireCodec.data(withOutcome(job, result)))))
              .mapEmpty();
        })
        .recover(e -> Submit.unavailable(session, status.id(), e));
  }

  private static boolean mayRead(Caller caller, Job job, boolean byJobId) {
    return job.caller().tenant().equals(caller.tenant())
        && (job.caller().user().equals(caller.user()) || (byJobId && caller.has(READ_OTHERS)));
  }

  private static Snapshot withOutcome(Job job, Optional<Result> result) {
    var bare = job.snapshot();
    return new Snapshot(
        bare.jobId(),
        bare.requestId(),
        bare.action(),
        bare.status(),
        bare.percentage(),
        bare.message(),
        bare.seq(),
        bare.attempt(),
        bare.createdAt(),
        result.orElse(null),
        job.error().orElse(null));
  }
}
