package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.action.ActionReply;
import io.streamer.gateway.connection.Delivery;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.AckStatus;
import io.streamer.shared.protocol.ServerFrame.Acknowledgment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.Submitted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
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
  private static final long LOOK_EVERY_MS = 100;
  private static final int FRAMES_PER_SECOND = 10;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final JobResults results;
  private final Attach attach;
  private final Delivery delivery;
  private final Duration lease;
  private final InstantSource clock;

  public Overrun(
      Vertx vertx,
      VertxDynamo dynamo,
      JobCalls jobs,
      JobResults results,
      Attach attach,
      Delivery delivery,
      Duration lease,
      InstantSource clock) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.results = results;
    this.attach = attach;
    this.delivery = delivery;
    this.lease = lease;
    this.clock = clock;
  }

  /** A call that may overrun. */
  public Watched watch(
      Session session, String action, ClientFrame.Request request, ActionCall call) {
    return new Watched(session, action, request, call);
  }

  /** One call, from the moment it is made. */
  public final class Watched {
    private final Session session;
    private final String action;
    private final ClientFrame.Request request;
    private final ActionCall call;
    private final Reports reports = new Reports(FRAMES_PER_SECOND);
    private @Nullable Future<Boolean> claim;
    private @Nullable Job job;
    private @Nullable Report taken;
    private Future<Boolean> sent = Future.succeededFuture(true);
    private long timer = -1;
    private long lastWrite;
    private long seq;

    private Watched(Session session, String action, ClientFrame.Request request, ActionCall call) {
      this.session = session;
      this.action = action;
      this.request = request;
      this.call = call;
    }

    /** Whether the call's outcome belongs to a job rather than to a response. */
    public boolean claimed() {
      return claim != null;
    }

    /** Stores the call as a running job and says so. */
    public void claim() {
      var id = call.id();
      var caller = session.caller();
      var jobId = JobId.of(caller.tenant(), caller.user(), id).value();
      session.hold(jobId);
      takeReport();
      var last = reports.newest();
      claim =
          dynamo
              .execute(
                  jobs.overran(
                      Submit.newJob(session, request, id), last.percentage(), last.message()))
              .compose(submitted ->
                  switch (submitted) {
                    case Submitted.Stored(var stored) -> {
                      LOG.info("{} {} overran: job {}", action, id, jobId);
                      session.send(
                          new Acknowledgment(
                              id, jobId, AckStatus.RUNNING, "takes longer than expected", null));
                      follow(stored);
                      attach.owns(session, stored);
                      yield Future.succeededFuture(true);
                    }
                    case Submitted.Duplicate(var existing) ->
                        attach.repeated(session, existing, id).map(false);
                    case Submitted.Clash _ -> Submit.clash(session, id).map(false);
                  })
              .onComplete(_ -> session.release(jobId));
      claim.onFailure(e -> {
        // the handler still runs and its reply still has a socket: answer as if in time
        LOG.warn("{} {} overran and cannot be stored: {}", action, id, e.toString());
      });
    }

    /** The handler is done: its outcome is the job's. */
    public Future<Void> finish(ActionReply reply) {
      if (claim == null) {
        throw new IllegalStateException("not claimed");
      }
      return claim.transform(claimed -> {
        if (claimed.failed()) {
          answerLate(reply);
          return Future.succeededFuture();
        }
        return claimed.result() ? end(reply) : Future.succeededFuture();
      });
    }

    private void answerLate(ActionReply reply) {
      switch (reply) {
        case ActionReply.Answered(var result) ->
            session.send(new ServerFrame.Response(call.id(), result));
        case ActionReply.Failed(var problem) ->
            session.send(ServerFrame.ErrorFrame.of(call.id(), problem));
        case ActionReply.Queue _ -> throw new IllegalStateException("it was running");
      }
    }

    private void follow(Job stored) {
      job = stored;
      seq = stored.firstSeq();
      lastWrite = clock.millis();
      timer = vertx.setPeriodic(LOOK_EVERY_MS, _ -> look(stored));
    }

    private void look(Job stored) {
      takeReport();
      long now = clock.millis();
      // one at a time: what is pushed over HTTP has no other order
      if (sent.isComplete()) {
        reports.toSend(now).ifPresent(report -> sendProgress(stored, report));
      }
      if (reports.toKeep(now)) {
        lastWrite = now;
        keep(jobs.keep(stored, reports.newest(), seq, call.annotations(), nonce()));
      } else if (now - lastWrite > lease.toMillis() / 3) {
        lastWrite = now;
        keep(jobs.renew(stored, seq, nonce()));
      }
    }

    private void keep(io.streamer.shared.store.Call<Kept> write) {
      dynamo
          .execute(write)
          .onSuccess(kept -> {
            switch (kept) {
              case Kept.Still(var row) -> job = row;
              // ended elsewhere: what this task still says has a lower number
              case Kept.Lost _ -> vertx.cancelTimer(timer);
            }
          })
          .onFailure(e -> LOG.warn("job of {} not renewed: {}", call.id(), e.toString()));
    }

    private void sendProgress(Job stored, Report report) {
      seq++;
      var current = job == null ? stored : job;
      sent =
          delivery.settle(
              current.route(),
              new ServerFrame.Progress(
                  stored.requestId(),
                  stored.id().value(),
                  seq,
                  report.percentage(),
                  report.message(),
                  1,
                  call.annotations()));
    }

    private void takeReport() {
      var newest = call.newest();
      if (newest != null && !newest.equals(taken)) {
        taken = newest;
        reports.report(newest.percentage(), newest.message(), clock.millis());
      }
    }

    private Future<Void> end(ActionReply reply) {
      // its lease is renewed while a large result is stored
      return results.keep(session.caller().tenant(), action, reply).compose(this::end);
    }

    private Future<Void> end(Outcome outcome) {
      vertx.cancelTimer(timer);
      takeReport();
      var stored = job;
      if (stored == null) {
        throw new IllegalStateException("claimed without a row");
      }
      var last = outcome instanceof Outcome.Succeeded ? reports.end() : reports.newest();
      long hundred = ++seq;
      long terminal = ++seq;
      return dynamo
          .execute(jobs.finish(stored, outcome, last, terminal, call.annotations(), nonce()))
          .compose(kept ->
              switch (kept) {
                case Kept.Lost _ -> Future.<Void>succeededFuture();
                case Kept.Still(var ended) ->
                    sent.transform(_ -> tell(ended, outcome, last, hundred));
              })
          .onFailure(e -> LOG.error("the outcome of {} was not stored", call.id(), e));
    }

    private Future<Void> tell(Job ended, Outcome outcome, Report last, long hundred) {
      Future<Boolean> before =
          outcome instanceof Outcome.Succeeded
              ? delivery.settle(
                  ended.route(),
                  new ServerFrame.Progress(
                      ended.requestId(),
                      ended.id().value(),
                      hundred,
                      last.percentage(),
                      last.message(),
                      1,
                      ended.annotations()))
              : Future.succeededFuture(true);
      return before
          .compose(_ -> results.of(outcome))
          .compose(
              result -> delivery.settle(ended.route(), ended.terminalFrame(result).orElseThrow()))
          .compose(settled ->
              settled
                  ? dynamo.execute(jobs.delivered(ended)).mapEmpty()
                  : Future.<Void>succeededFuture());
    }

    private String nonce() {
      return UUID.randomUUID().toString();
    }
  }
}
