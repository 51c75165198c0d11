package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.job.Notifier.Watcher;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.Said;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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

  /** How long the end waits for progress that is still on its way to somebody. */
  private static final long LAST_MS = 2_000;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final Notifier notifier;
  private final long leaseMs;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
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
  private @Nullable ServerFrame newest;
  private final Map<Route, Line> lines = new HashMap<>();
  private boolean keepFailed;
  private Future<Void> writing = Future.succeededFuture();
  private boolean ending;
  private boolean concluding;
  private long askedAt;
  private long renewedAt;
  private long seq;

  /**
   * Holds a job from its store on; its watchers are told from then on.
   *
   * @param clock by which the job's deadline passes; it may be set
   * @param nanoTime by which all else is measured
   */
  Holder(
      Vertx vertx,
      VertxDynamo dynamo,
      JobCalls jobs,
      Notifier notifier,
      Duration lease,
      InstantSource clock,
      LongSupplier nanoTime,
      ActionCall call,
      Reports reports,
      Job stored) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.notifier = notifier;
    this.leaseMs = lease.toMillis();
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.call = call;
    this.reports = reports;
    this.context = vertx.getOrCreateContext();
    this.job = stored;
    this.seq = stored.firstSeq();
    this.askedAt = ms();
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
    long now = ms();
    if (job.terms().deadlineAt().filter(at -> at <= clock.millis()).isPresent()) {
      sendNewest();
      end(jobs.timeOut(job, said(++seq), nonce()));
      call.cancel();
      return;
    }
    if (mine(now)) {
      reports.toSend(now).ifPresent(this::send);
    }
    if (!writing.isComplete()) {
      return;
    }
    if (reports.toKeep(now) || (keepFailed && now - askedAt >= TRY_AGAIN_MS)) {
      // a number of its own: a late one must not undo it
      var keep = jobs.keep(job, reports.newest(), ++seq, call.annotations(), nonce());
      writing = keeping(keep, now);
    } else if (now - askedAt >= READ_EVERY_MS) {
      if (now - renewedAt > leaseMs / 3) {
        writing = write(jobs.renew(job, seq, nonce()), now).otherwiseEmpty();
      } else {
        read(now);
      }
    }
  }

  /** Close to its lease's end somebody else may be about to tell how the job ends. */
  private boolean mine(long now) {
    return now - renewedAt < leaseMs / 4 * 3;
  }

  private Future<Void> write(Call<Kept> write, long now) {
    askedAt = now;
    return dynamo
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
        .mapEmpty();
  }

  /** What was not kept is kept with the next look. */
  private Future<Void> keeping(Call<Kept> keep, long now) {
    keepFailed = true;
    return write(keep, now).onSuccess(_ -> keepFailed = false).otherwiseEmpty();
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
    watchers = found;
    lines.keySet().retainAll(found.stream().map(Watcher::route).toList());
    if (!ending) {
      offer();
    }
  }

  private void send(Report report) {
    newest =
        new ServerFrame.Progress(
            job.requestId(),
            job.id().value(),
            ++seq,
            report.percentage(),
            report.message(),
            job.attempt(),
            call.annotations());
    offer();
  }

  private void offer() {
    for (var watcher : List.copyOf(watchers)) {
      lines.computeIfAbsent(watcher.route(), _ -> new Line(watcher)).offer();
    }
  }

  /**
   * What is on its way to one watcher, one frame at a time: what is pushed over HTTP has no other
   * order. Who takes nothing keeps nothing from the others, and has the newest next.
   */
  private final class Line {
    private final Watcher watcher;
    private Future<Boolean> sending = Future.succeededFuture(true);
    private @Nullable ServerFrame had;

    Line(Watcher watcher) {
      this.watcher = watcher;
    }

    void offer() {
      var frame = newest;
      if (frame == null
          || frame.equals(had)
          || !sending.isComplete()
          || over.future().isComplete()) {
        return;
      }
      had = frame;
      sending = notifier.tell(List.of(watcher), job, List.of(frame), Holder.this::gone);
      // newer progress may have come meanwhile; behind the end there is none
      sending.onComplete(_ -> {
        if (lines.get(watcher.route()) == this && !concluding) {
          offer();
        }
      });
    }
  }

  /** What is on its way goes first, as far as it goes at all. */
  private Future<Void> sent() {
    var done = Promise.<Void>promise();
    long limit = vertx.setTimer(LAST_MS, _ -> done.tryComplete());
    Future.join(lines.values().stream().map(line -> line.sending).toList())
        .onComplete(_ -> {
          vertx.cancelTimer(limit);
          done.tryComplete();
        });
    return done.future();
  }

  /** The newest report goes out whatever the throttle says: it is the last. */
  private void sendNewest() {
    var now = ms();
    if (mine(now)) {
      reports.toSend(Math.max(now, reports.nextSendAt())).ifPresent(this::send);
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
              case Kept.Still(var ended) ->
                  sent()
                      .compose(_ -> {
                        concluding = true;
                        return notifier.conclude(ended);
                      });
            })
        .onFailure(e -> LOG.error("the end of job {} was not stored or told", job.id(), e))
        .onComplete(_ -> over.complete());
  }

  /** The outcome is worth trying for, for as long as nobody else ends the job. */
  private Future<Kept> insist(Call<Kept> last) {
    return dynamo
        .execute(last)
        .recover(e ->
            ms() - renewedAt > 2 * leaseMs
                ? Future.failedFuture(e)
                : vertx.timer(TRY_AGAIN_MS, TimeUnit.MILLISECONDS).compose(_ -> insist(last)));
  }

  private Said said(long number) {
    return new Said(reports.newest(), number, call.annotations());
  }

  private void takeReport() {
    var newest = call.newest();
    if (newest != null && !newest.equals(taken)) {
      taken = newest;
      reports.report(newest.percentage(), newest.message(), ms());
    }
  }

  private long ms() {
    return ms(nanoTime);
  }

  /** What reports are counted by. */
  static long ms(LongSupplier nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
