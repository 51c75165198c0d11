package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionReply;
import io.streamer.gateway.action.Failures;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.RawJson;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Result;
import io.streamer.shared.log.About;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.table.Call;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Jobs' results on their way into the stores and out. Only the large ones leave the event loop. */
public final class JobResults {
  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final Results results;

  public JobResults(Vertx vertx, VertxDynamo dynamo, JobCalls jobs, Results results) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.results = results;
  }

  /** What a frame says of the job's result; empty if it has none, or it is gone. */
  Future<Optional<ServerFrame.Result>> of(Job job) {
    return of(job, dynamo::execute);
  }

  /** The same for a client that asks for it. */
  Future<Optional<ServerFrame.Result>> of(String connection, Job job) {
    return of(job, call -> dynamo.execute(connection, call));
  }

  private Future<Optional<ServerFrame.Result>> of(
      Job job, Function<Call<Optional<Result>>, Future<Optional<Result>>> store) {
    return job.status() == JobStatus.SUCCEEDED
        ? store
            .apply(jobs.result(job))
            .compose(found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : sent(found.get()).map(Optional::of))
        : Future.succeededFuture(Optional.empty());
  }

  /** The outcome to store for a reply; a large result is in the object store then. */
  Future<Outcome> keep(
      String tenant, String action, Map<String, String> annotations, ActionReply reply) {
    return switch (reply) {
      case ActionReply.Answered(var result) -> keep(tenant, action, annotations, result);
      case ActionReply.Failed(var problem) -> Future.succeededFuture(new Outcome.Failed(problem));
      case ActionReply.Queue _ -> throw new IllegalStateException("it was running");
    };
  }

  private Future<Outcome> keep(
      String tenant, String action, Map<String, String> annotations, RawJson json) {
    if (results.inline(json, annotations)) {
      return Future.succeededFuture(new Outcome.Succeeded(json));
    }
    return vertx
        .executeBlocking(() -> results.keep(tenant, json, annotations), false)
        .<Outcome>map(Outcome.Succeeded::new)
        .otherwise(e ->
            new Outcome.Failed(Failures.problem(About.actionOf(action).tenant(tenant), action, e)));
  }

  private Future<ServerFrame.Result> sent(Result result) {
    return switch (result) {
      case Result.Inline(var json) -> Future.succeededFuture(new ServerFrame.Result.Inline(json));
      // signing may have to fetch credentials
      case Result.Stored _ -> vertx.executeBlocking(() -> results.sent(result), false);
    };
  }
}
