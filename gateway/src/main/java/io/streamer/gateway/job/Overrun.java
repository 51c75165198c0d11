package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.action.ActionReply;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.Stores;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.hold.Journal;
import io.streamer.shared.hold.Lease;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Reports;
import io.streamer.shared.log.Remark;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.AckStatus;
import io.streamer.shared.protocol.ServerFrame.Acknowledgment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Submitted;
import io.streamer.shared.time.Clocks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sync request whose handler takes longer than expected becomes a job: stored as running and
 * leased to this task, acknowledged, followed by progress and a terminal frame. If this task dies,
 * its lease does too. All of one call's state is owned by its connection's event loop.
 */
public final class Overrun {
  private static final Logger LOG = LoggerFactory.getLogger(Overrun.class);
  private static final int FRAMES_PER_SECOND = 10;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final JobResults results;
  private final Attach attach;
  private final Notifier notifier;
  private final UnannouncedJobs unannounced;
  private final Clocks clocks;
  private final Consumer<Supplier<Remark>> log;
  private final Map<JobId, HeldCall> held = new ConcurrentHashMap<>();

  /**
   * None has overrun yet.
   *
   * @param log takes what makes a line for each job, and may leave it
   */
  public Overrun(
      Vertx vertx,
      Stores stores,
      JobResults results,
      Attach attach,
      Notifier notifier,
      Clocks clocks,
      Consumer<Supplier<Remark>> log) {
    this.vertx = vertx;
    this.dynamo = stores.dynamo();
    this.jobs = stores.jobs();
    this.results = results;
    this.attach = attach;
    this.notifier = notifier;
    this.unannounced = new UnannouncedJobs(vertx, dynamo, jobs, results, notifier);
    this.clocks = clocks;
    this.log = log;
  }

  /** A call that may overrun. */
  public Watched watch(
      Session session, String action, ClientFrame.Request request, ActionCall call) {
    return new Watched(session, action, request, call);
  }

  /** Stops the job's handler now, if it runs in this task: its row asks for that. */
  void cancelled(Job job) {
    var call = held.get(job.id());
    if (call != null) {
      call.cancelled(job);
    }
  }

  /** One call, from the moment it is made. */
  public final class Watched {
    private final Session session;
    private final String action;
    private final ClientFrame.Request request;
    private final ActionCall call;
    private final InstantSource time = clocks.steady();
    private final Reports reports = new Reports(FRAMES_PER_SECOND);
    private final Promise<Void> acknowledged = Promise.promise();
    private @Nullable Future<Boolean> claim;
    private @Nullable NewJob asked;
    private @Nullable HeldCall holder;
    private long askedAt;

    private Watched(Session session, String action, ClientFrame.Request request, ActionCall call) {
      this.session = session;
      this.action = action;
      this.request = request;
      this.call = call;
    }

    /** Done when its job was answered for; it may never be. */
    public Future<Void> acknowledged() {
      return acknowledged.future();
    }

    /** Stores the call as a running job and says so. */
    public void claim() {
      claim =
          Future.<Void>succeededFuture()
              .compose(_ -> store())
              // the handler still runs and its reply still has a socket: answer as if in time
              .onFailure(e ->
                  session
                      .about()
                      .request(call.id())
                      .action(action)
                      .in(LOG.atWarn())
                      .log(
                          "{} {} overran and cannot be stored: {}",
                          action,
                          call.id(),
                          e.toString()));
    }

    private Future<Boolean> store() {
      askedAt = time.millis();
      var said = call.newest();
      if (said != null) {
        reports.report(said.percentage(), said.message(), askedAt);
      }
      var last = reports.newest();
      var job = Submit.newJob(session, request, call);
      var jobId = job.id().value();
      asked = job;
      return session.holding(
          List.of(jobId),
          _ ->
              Submit.put(
                      dynamo,
                      session,
                      request,
                      call,
                      jobs.overran(job, last.percentage(), last.message()))
                  .compose(submitted -> met(job, submitted))
                  .onSuccess(_ -> acknowledged.tryComplete())
                  .onFailure(_ -> session.forgo(jobId)));
    }

    private Future<Boolean> met(NewJob job, Submitted submitted) {
      var id = call.id();
      return switch (submitted) {
        case Submitted.Stored(var stored) -> {
          var jobId = stored.id().value();
          stored.about().in(LOG.atInfo()).log("{} overran: job {}", action, jobId);
          log.accept(() ->
              new Remark(
                  stored.about(),
                  action + " " + id + " takes longer than expected and goes on as job " + jobId));
          session.want(jobId, Set.of(ClientFrame.Kind.values()));
          session.send(
              new Acknowledgment(id, jobId, AckStatus.RUNNING, "takes longer than expected", null));
          hold(stored);
          attach.owns(session, stored);
          yield Future.succeededFuture(true);
        }
        case Submitted.Duplicate(var existing) -> {
          Submit.discard(dynamo, jobs, job);
          yield attach
              .repeated(session, existing, id)
              .recover(e -> FrameFailure.answer(session, id, e))
              .map(false);
        }
        case Submitted.Clash _ -> {
          Submit.discard(dynamo, jobs, job);
          yield Submit.clash(session, id).map(false);
        }
      };
    }

    private void hold(Job stored) {
      var carrier = notifier.carrier(stored, time);
      var holding =
          new Holding(
              stored,
              // whichever of two calls has stored it
              new Lease(jobs.lease(), askedAt),
              jobs,
              () -> UUID.randomUUID().toString(),
              carrier.recipients(),
              _ -> {},
              time.millis());
      holding.begin(reports, Journal.NONE);
      var ours = new HeldCall(vertx, dynamo, notifier, holding, carrier, call, clocks.clock());
      holder = ours;
      held.put(stored.id(), ours);
      ours.over().onComplete(_ -> held.remove(stored.id(), ours));
    }

    /** The handler is done: its outcome is the job's. */
    public Future<Void> finish(ActionReply reply) {
      if (claim == null) {
        throw new IllegalStateException("not claimed");
      }
      return claim.transform(
          claimed -> claimed.failed() && holder == null ? late(reply) : end(reply));
    }

    /** As the job's end, if it is a job that this task holds. */
    private Future<Void> end(ActionReply reply) {
      var ours = holder;
      return ours == null
          ? Future.succeededFuture()
          // its lease is renewed while a large result is stored
          : results
              .keep(session.caller().tenant(), action, call.annotations(), reply)
              .compose(ours::finish)
              .onSuccess(_ ->
                  log.accept(() ->
                      new Remark(
                          session.about().request(call.id()).action(action),
                          action + " " + call.id() + " " + line(reply))));
    }

    /**
     * Nobody knows whether the job was stored: it is asked once more, lest the response were
     * followed by the end of a job that nobody holds.
     */
    private Future<Void> late(ActionReply reply) {
      var job = asked;
      if (job == null) {
        // nothing was asked
        answerLate(reply);
        return Future.succeededFuture();
      }
      var jobId = job.id().value();
      var last = reports.newest();
      return session
          .holding(
              List.of(jobId),
              _ ->
                  dynamo
                      .execute(session.id(), jobs.overran(job, last.percentage(), last.message()))
                      .compose(submitted -> met(job, submitted))
                      .onFailure(_ -> session.forgo(jobId)))
          .transform(again -> {
            if (again.succeeded()) {
              return end(reply);
            }
            answerLate(reply);
            unannounced.end(job, last, call.annotations(), reply);
            return Future.succeededFuture();
          });
    }

    private static String line(ActionReply reply) {
      return switch (reply) {
        case ActionReply.Answered _ -> "succeeded";
        case ActionReply.Failed(var problem) -> "failed: " + problem.line();
        case ActionReply.Queue _ -> throw new IllegalStateException("it was running");
      };
    }

    private void answerLate(ActionReply reply) {
      switch (reply) {
        case ActionReply.Answered(var result) -> session.send(onTheSpot(result));
        case ActionReply.Failed(var problem) ->
            session.send(ServerFrame.ErrorFrame.of(call.id(), problem));
        case ActionReply.Queue _ -> throw new IllegalStateException("it was running");
      }
    }

    private ServerFrame onTheSpot(RawJson result) {
      return session
          .terms()
          .tooLarge(result)
          .<ServerFrame>map(problem -> ServerFrame.ErrorFrame.of(call.id(), problem))
          .orElseGet(() -> new ServerFrame.Response(call.id(), result));
    }
  }
}
