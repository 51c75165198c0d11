package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.store.JobCalls;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a caller sees: its own, by either name, and with a permission its tenant's, by their
 * job id. To everybody else a job is as good as unknown.
 */
public final class JobAccess {
  static final String READ = "jobs:read";
  static final String CANCEL = "jobs:cancel";

  private final VertxDynamo dynamo;
  private final JobCalls jobs;

  public JobAccess(VertxDynamo dynamo, JobCalls jobs) {
    this.dynamo = dynamo;
    this.jobs = jobs;
  }

  /**
   * The job that a frame names, as it stands, if its sender sees it.
   *
   * @param permission what others than its owner need
   */
  Future<Optional<Job>> find(
      Session session, @Nullable String jobId, @Nullable String requestId, String permission) {
    var caller = session.caller();
    return dynamo
        .execute(session.id(), jobs.find(id(caller, jobId, requestId)))
        .map(found -> found.filter(job -> may(caller, job, jobId != null, permission)));
  }

  /** The job that a frame names. */
  static JobId id(Caller caller, @Nullable String jobId, @Nullable String requestId) {
    return jobId != null
        ? new JobId(jobId)
        : JobId.of(caller.tenant(), caller.user(), requestId == null ? "" : requestId);
  }

  private static boolean may(Caller caller, Job job, boolean byJobId, String permission) {
    return job.caller().tenant().equals(caller.tenant())
        && (job.caller().user().equals(caller.user()) || (byJobId && caller.has(permission)));
  }

  static Future<Void> unknown(Session session, @Nullable String frameId) {
    session.send(ErrorFrame.of(frameId, Problem.of(ErrorCode.NOT_FOUND, "no such job")));
    return Future.succeededFuture();
  }
}
