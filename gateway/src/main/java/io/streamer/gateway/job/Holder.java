package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.job.Notifier.Said;
import io.streamer.gateway.job.Notifier.Watcher;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a job whose handler runs in this task: renews its lease, tells how it goes, and ends it. It
 * writes one thing at a time, and looks at the row in each second without a write: for a cancel, a
 * new owner, other subscribers. The event loop that made it owns all state.
 */
final class Holder {
  private static final Logger LOG = LoggerFactory.getLogger(Holder.class);
  private static final long LOOK_EVERY_MS = 100;
  private static final long READ_EVERY_MS = 1_000;
  private static final long TRY_AGAIN_MS = 500;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final Notifier notifier;
  private final long leaseMs;
  private final InstantSource clock;
  private final ActionCall call;
  private final Context context;
  private final Reports reports;
  private final Promise<Void> over = Promise.promise();
  private final long timer;

  private Job job;
  private List<Watcher> watchers = List.of();
  private int asked;
  private boolean unknown;
  private @Nullable Report taken;
  private @Nullable Report sent;
  private Future<Boolean> sending = Future.succeededFuture(true);
  private Future<Void> writing = Future.succeededFuture();
  private boolean ending;
  private long askedAt;
  private long renewedAt;
  private long seq;

  /** Holds a job from its store on; its watchers are told from then on. */
  Holder(
      Vertx vertx,
      VertxDynamo dynamo,
      JobCalls jobs,
      Notifier notifier,
      Duration lease,
      InstantSource clock,
      ActionCall call,
      Reports reports,
      Job stored) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.notifier = notifier;
    this.leaseMs = lease.toMillis();
    this.clock = clock;
    this.call = call;
    this.reports = reports;
    this.context = vertx.getOrCreateContext();
    this.job = stored;
    this.seq = stored.firstSeq();
    this.askedAt = clock.millis();
    this.renewedAt = askedAt;
    ask(stored);
    this.timer = vertx.setPeriodic(LOOK_EVERY_MS, _ -> look());
  }

  /** Done when nothing more is to be done for the job here. */
  Future<Void> over() {
    return over.future();
  }

  /** Somebody asked for the job's end; callable from everywhere. */
  void cancelled(Job asked) {
    context.runOnContext(_ -> {
      if (asked.run().equals(job.run())) {
        stop();
      }
    });
  }

  /** Ends the job as its handler did, unless it has ended otherwise. */
  Future<Void> finish(Outcome outcome) {
    if (!ending) {
      takeReport();
      if (outcome instanceof Outcome.Failed) {
        sendNewest();
      }
      var last = outcome instanceof Outcome.Succeeded ? reports.end() : reports.newest();
      // the last but one is the 100 %'s
      seq += 2;
      end(jobs.finish(job, outcome, last, seq, call.annotations(), nonce()));
    }
    return over();
  }

  private void look() {
    takeReport();
    long now = clock.millis();
    if (job.terms().deadlineAt().filter(at -> at <= now).isPresent()) {
      sendNewest();
      end(jobs.timeOut(job, said(++seq), nonce()));
      call.cancel();
      return;
    }
    // one at a time: what is pushed over HTTP has no other order
    if (sending.isComplete() && mine(now)) {
      reports.toSend(now).ifPresent(report -> send(watchers, report));
    }
    if (!writing.isComplete()) {
      return;
    }
    if (reports.toKeep(now)) {
      write(jobs.keep(job, reports.newest(), seq, call.annotations(), nonce()), now);
    } else if (now - askedAt >= READ_EVERY_MS) {
      if (now - renewedAt > leaseMs / 3) {
        write(jobs.renew(job, seq, nonce()), now);
      } else {
        read(now);
      }
    }
  }

  /** Close to its lease's end somebody else may be about to tell how the job ends. */
  private boolean mine(long now) {
    return now - renewedAt < leaseMs / 4 * 3;
  }

  private void write(Call<Kept> write, long now) {
    askedAt = now;
    writing =
        dynamo
            .execute(write)
            .onSuccess(kept -> {
              switch (kept) {
                case Kept.Still(var row) -> {
                  renewedAt = now;
                  take(row);
                }
                case Kept.Lost _ -> lose();
              }
            })
            .onFailure(e -> LOG.warn("job {} not renewed: {}", job.id(), e.toString()))
            .<Void>mapEmpty()
            .otherwiseEmpty();
  }

  /** Consistent: an older image would undo a newer route. */
  private void read(long now) {
    askedAt = now;
    writing =
        dynamo
            .execute(jobs.find(job.id()))
            .onSuccess(found ->
                found
                    .filter(row -> row.run().equals(job.run()) && row.epoch() == job.epoch())
                    .filter(row -> row.status() == JobStatus.RUNNING)
                    .ifPresentOrElse(this::take, this::lose))
            .onFailure(e -> LOG.debug("job {} not looked at: {}", job.id(), e.toString()))
            .<Void>mapEmpty()
            .otherwiseEmpty();
  }

  private void take(Job row) {
    var before = job;
    job = row;
    if (row.marks().cancel()) {
      stop();
    } else if (unknown
        || !row.route().equals(before.route())
        || row.marks().watch() != before.marks().watch()) {
      ask(row);
    }
  }

  /** Who watches by this image, unless a newer one is asked about meanwhile: answers overtake. */
  private void ask(Job row) {
    var mine = ++asked;
    unknown = false;
    notifier
        .watchers(row)
        .onSuccess(found -> {
          if (mine == asked) {
            meet(found);
          }
        })
        .onFailure(e -> {
          // asked again with the next image
          unknown |= mine == asked;
          LOG.warn("who watches {} is not known: {}", row.id(), e.toString());
        });
  }

  /** New watchers learn how far it is: their snapshot has what was kept last. */
  private void meet(List<Watcher> found) {
    var known = watchers.stream().map(Watcher::route).toList();
    var fresh = found.stream().filter(watcher -> !known.contains(watcher.route())).toList();
    watchers = found;
    if (sent != null && !ending && !fresh.isEmpty()) {
      send(fresh, sent);
    }
  }

  private void send(List<Watcher> to, Report report) {
    sent = report;
    var frame =
        new ServerFrame.Progress(
            job.requestId(),
            job.id().value(),
            ++seq,
            report.percentage(),
            report.message(),
            job.attempt(),
            call.annotations());
    sending =
        sending.transform(
            _ -> notifier.tell(to, job, List.of(new Said(Kind.PROGRESS, frame)), this::gone));
  }

  /** The newest report goes out whatever the throttle says: it is the last. */
  private void sendNewest() {
    var now = clock.millis();
    if (mine(now)) {
      reports
          .toSend(Math.max(now, reports.nextSendAt()))
          .ifPresent(report -> send(watchers, report));
    }
  }

  private void gone(Watcher watcher) {
    watchers = watchers.stream().filter(other -> !other.equals(watcher)).toList();
  }

  private void stop() {
    if (!ending) {
      takeReport();
      sendNewest();
      end(jobs.stop(job, said(++seq), nonce()));
      call.cancel();
    }
  }

  /** The job is another's, or has ended: what its handler still does is nobody's. */
  private void lose() {
    if (!ending) {
      ending = true;
      vertx.cancelTimer(timer);
      call.cancel();
      over.complete();
    }
  }

  private void end(Call<Kept> last) {
    ending = true;
    vertx.cancelTimer(timer);
    writing
        .transform(_ -> insist(last))
        .compose(kept ->
            switch (kept) {
              case Kept.Lost _ -> Future.<Void>succeededFuture();
              // its status tells how: a cancel may have come first
              case Kept.Still(var ended) -> sending.transform(_ -> notifier.conclude(ended));
            })
        .onFailure(e -> LOG.error("the end of job {} was not stored or told", job.id(), e))
        .onComplete(_ -> over.complete());
  }

  /** The outcome is worth trying for, for as long as nobody else ends the job. */
  private Future<Kept> insist(Call<Kept> last) {
    return dynamo
        .execute(last)
        .recover(e ->
            clock.millis() - renewedAt > 2 * leaseMs
                ? Future.failedFuture(e)
                : vertx.timer(TRY_AGAIN_MS, TimeUnit.MILLISECONDS).compose(_ -> insist(last)));
  }

  private io.streamer.shared.store.Said said(long number) {
    return new io.streamer.shared.store.Said(reports.newest(), number, call.annotations());
  }

  private void takeReport() {
    var newest = call.newest();
    if (newest != null && !newest.equals(taken)) {
      taken = newest;
      reports.report(newest.percentage(), newest.message(), clock.millis());
    }
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
