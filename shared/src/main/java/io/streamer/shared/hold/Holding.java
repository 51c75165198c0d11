package io.streamer.shared.hold;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.Said;
import io.streamer.shared.table.Call;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the holder of a job writes and says of it, in order: its row, its lease, its numbers.
 * Nothing is said once the job is somebody else's. Whoever drives it asks for the next {@link
 * Step}, does that and tells what came of it; one step is asked of the store at a time. For one
 * thread at a time. Times are milliseconds of any one clock.
 */
public final class Holding {
  private static final Logger log = LoggerFactory.getLogger(Holding.class);
  private static final long LOOK_MS = 1_000;
  private static final Pauses WRITES = new Pauses(200, 2_000);
  private static final Pauses ENDS = new Pauses(200, 5_000);

  private final JobCalls calls;
  private final Supplier<String> nonces;
  private final Lease lease;
  private final Recipients recipients;
  private final Consumer<Report> feed;
  private Reports reports = new Reports(1);
  private Journal journal = Journal.NONE;

  private Job job;
  private Optional<Route> route;
  private long watch;
  private boolean cancel;
  private Map<String, String> annotations;
  private long seq;
  private boolean reported;
  private OptionalLong firstProgressAt = OptionalLong.empty();

  private Asked asked = Asked.NOTHING;
  private long askedAt;
  private long seenAt;
  private boolean keepFailed;
  private Journal.@Nullable Write unanswered;
  private long retryAt = Long.MIN_VALUE;
  private long pauseMs = WRITES.firstMs();
  private long giveUpAt = Long.MIN_VALUE;

  private @Nullable Ending how;
  private boolean prepared;
  private @Nullable Report hundred;
  private @Nullable Call<Kept> last;
  private boolean tooOld;
  private boolean lost;
  private @Nullable Job ended;

  /** What the store has not answered yet. */
  private enum Asked {
    NOTHING,
    JOURNAL,
    KEEP,
    RENEW,
    LOOK,
    END
  }

  /**
   * Holds a job from its claim on, with its holder's first number.
   *
   * @param nonces by which a write knows itself again: a fresh one each
   * @param recipients who watches the job; nobody else tells them anything
   * @param feed takes the progress that is said, for whoever follows this process
   */
  public Holding(
      Job job,
      Lease lease,
      JobCalls calls,
      Supplier<String> nonces,
      Recipients recipients,
      Consumer<Report> feed,
      long now) {
    this.job = job;
    this.lease = lease;
    this.calls = calls;
    this.nonces = nonces;
    this.recipients = recipients;
    this.feed = feed;
    this.route = job.route();
    this.watch = job.marks().watch();
    this.cancel = job.marks().cancel();
    this.annotations = job.annotations();
    this.seq = job.firstSeq();
    this.seenAt = now;
    recipients.follow(route, watch);
  }

  /** Goes on with what its handler reports and gives out. */
  public void begin(Reports itsReports, Journal itsJournal) {
    reports = itsReports;
    journal = itsJournal;
  }

  /** Takes a report: see {@link Reports#report}. */
  public void report(double percentage, String message, long now) {
    reported = true;
    reports.report(percentage, message, now);
  }

  /** What frames and row are marked with from here on. */
  public void annotate(Map<String, String> newest) {
    annotations = Map.copyOf(newest);
  }

  /** Somebody asked for the job to stop. */
  public void cancel() {
    cancel = true;
  }

  /** Whether somebody asked for the job to stop. */
  public boolean cancelled() {
    return cancel;
  }

  /** As the last write left it. */
  public Job job() {
    return job;
  }

  /** When the first progress of this run went out. */
  public OptionalLong firstProgressAt() {
    return firstProgressAt;
  }

  /** Whether a report waits to be sent, so that {@link #nextAt} comes soon anyway. */
  public boolean pending() {
    return unanswered == null && reports.nextSendAt() != Long.MAX_VALUE;
  }

  /** Whether all that the handler gave out is stored. */
  public boolean drained() {
    return unanswered == null && journal.empty();
  }

  /**
   * Whether the job is no longer ours, or soon may not be: nothing more is written or said, but
   * what becomes of it while the lease lasts.
   */
  public boolean lost() {
    return lost || (tooOld && how == null);
  }

  /**
   * What is to be done now. What is said meanwhile waits with the recipients, behind the write that
   * this may be: it goes to whoever watches by the image that the write returns.
   */
  public Step next(long now) {
    if (ended != null) {
      return new Step.Ended(ended);
    }
    if (lost) {
      return new Step.Lost();
    }
    if (how != null) {
      return last(how, now);
    }
    if (!tooOld && lease.lost(now)) {
      job.about().in(log.atWarn()).log("job {}: the lease could not be renewed", job.id());
      tooOld = true;
    }
    if (tooOld) {
      return new Step.Lost();
    }
    if (unanswered == null) {
      reports.toSend(now).ifPresent(report -> send(++seq, report, now));
    }
    return asked == Asked.NOTHING ? contact(now) : new Step.Wait(nextAt());
  }

  /** When {@link #next} has something to do again, if nothing new comes before. */
  public long nextAt() {
    if (unanswered != null) {
      return Math.min(asked == Asked.NOTHING ? retryAt : Long.MAX_VALUE, lease.lostAt());
    }
    if (asked != Asked.NOTHING) {
      return Math.min(reports.nextSendAt(), lease.lostAt());
    }
    var progress = Math.min(reports.nextSendAt(), reports.nextKeepAt());
    var giveUp = recipients.ownerGivenUp() ? giveUpAt : Long.MAX_VALUE;
    var row = Math.min(lookAt(), Math.min(lease.renewalAt(), lease.lostAt()));
    return Math.min(Math.min(row, Math.min(progress, giveUp)), journal.nextAt());
  }

  /** One contact with the row, if one is due: what the handler emitted comes first. */
  private Step contact(long now) {
    if (unanswered != null) {
      return now < retryAt ? new Step.Wait(nextAt()) : write(Asked.JOURNAL, unanswered.call(), now);
    }
    if (recipients.ownerGivenUp() && now >= giveUpAt) {
      giveUpAt = now + WRITES.longestMs();
      if (route.isPresent()) {
        return look(closeOwner(route.get()), now);
      }
    }
    if (journal.nextAt() <= now) {
      // the same write keeps the progress
      reports.toKeep(now);
      unanswered = journal.next(job, () -> ++seq, () -> said(seq));
      return write(Asked.JOURNAL, unanswered.call(), now);
    }
    if (reports.toKeep(now) || (keepFailed && now >= lookAt())) {
      // a number of its own: a late one must not undo it
      return write(Asked.KEEP, calls.keep(job, newest(), ++seq, annotations, nonces.get()), now);
    }
    if (lease.renewalDue(now)) {
      return write(Asked.RENEW, calls.renew(job, seq, nonces.get()), now);
    }
    if (now >= lookAt()) {
      seenAt = now;
      return look(peek(), now);
    }
    return new Step.Wait(nextAt());
  }

  /** A look is due when nothing was heard of the row for a second. */
  private long lookAt() {
    return seenAt + LOOK_MS;
  }

  private Step write(Asked what, Call<Kept> call, long now) {
    asked = what;
    askedAt = now;
    seenAt = now;
    return new Step.Write(call);
  }

  private Step look(Call<Optional<Job>> call, long now) {
    asked = Asked.LOOK;
    askedAt = now;
    return new Step.Look(call);
  }

  /** The row as it was a moment ago. */
  private Call<Optional<Job>> peek() {
    var known = route;
    return calls
        .peek(job.id())
        .then(row ->
            // an attach raises nothing by which an older image could be told from a newer one
            row.filter(seen -> !seen.route().equals(known)).isPresent()
                ? calls.find(job.id())
                : Call.done(row));
  }

  /**
   * Has the owner's connection closed by whoever would send to it, unless it has another by now.
   */
  private Call<Optional<Job>> closeOwner(Route owner) {
    return calls
        .close(job, owner)
        .then(attachment ->
            switch (attachment) {
              case Attachment.Attached(var row) -> Call.done(Optional.of(row));
              case Attachment.Unknown _ -> calls.find(job.id());
            });
  }

  /** The write is answered. */
  public void wrote(Kept kept) {
    var what = answered();
    if (lost()) {
      return;
    }
    switch (kept) {
      case Kept.Still(var row) -> {
        job = row;
        lease.written(askedAt);
        saw(row);
        wrote(what, row);
      }
      case Kept.Lost _ -> lose();
    }
  }

  private void wrote(Asked what, Job row) {
    switch (what) {
      case JOURNAL -> {
        var write = unanswered;
        unanswered = null;
        pauseMs = WRITES.firstMs();
        retryAt = Long.MIN_VALUE;
        keepFailed = false;
        if (write != null) {
          write.then().run();
        }
      }
      case KEEP -> keepFailed = false;
      case END -> {
        ended = row;
        if (hundred != null && row.status() == JobStatus.SUCCEEDED) {
          send(seq - 1, hundred, askedAt);
        }
      }
      case RENEW, LOOK, NOTHING -> {}
    }
  }

  /** The row was read. */
  public void looked(Optional<Job> row) {
    var _ = answered();
    // an eventually consistent read may be older than our claim
    if (lost() || row.isEmpty() || row.get().epoch() < job.epoch()) {
      return;
    }
    var seen = row.get();
    if (seen.epoch() > job.epoch() || seen.status() != JobStatus.RUNNING) {
      lose();
    } else if (seen.leaseUntil() >= job.leaseUntil() && seen.seq() >= job.seq()) {
      // or than our last write, which raised the lease
      saw(seen);
    }
  }

  /** Nobody knows what became of the step. A write may have happened or not, or happen yet. */
  public void unanswered(long now) {
    var what = answered();
    switch (what) {
      case JOURNAL, END -> {
        retryAt = now + pauseMs;
        pauseMs = (how == null ? WRITES : ENDS).after(pauseMs);
        if (how != null && retryAt >= lease.endsAt()) {
          job.about()
              .in(log.atWarn())
              .log("job {}: what becomes of it could not be stored", job.id());
          lost = true;
        }
      }
      case KEEP -> {
        lease.failed(now);
        keepFailed = true;
      }
      case RENEW -> lease.failed(now);
      case LOOK, NOTHING -> {}
    }
  }

  private Asked answered() {
    var what = asked;
    asked = Asked.NOTHING;
    return what;
  }

  private void lose() {
    job.about().in(log.atInfo()).log("job {}: no longer ours", job.id());
    lost = true;
  }

  private void saw(Job image) {
    route = image.route();
    watch = Math.max(watch, image.marks().watch());
    cancel |= image.marks().cancel();
    recipients.follow(route, watch);
  }

  /**
   * Stores what becomes of the job, with the steps that follow. If the store cannot be reached
   * until the lease ends, others see to it: the job stands in {@code due}.
   */
  public void end(Ending ending) {
    how = ending;
    retryAt = Long.MIN_VALUE;
    pauseMs = ENDS.firstMs();
  }

  /** What was not answered before comes first, as the same call. */
  private Step last(Ending ending, long now) {
    if (asked != Asked.NOTHING) {
      return new Step.Wait(Long.MAX_VALUE);
    }
    if (now < retryAt) {
      return new Step.Wait(retryAt);
    }
    if (unanswered != null) {
      return write(Asked.JOURNAL, unanswered.call(), now);
    }
    if (!prepared) {
      prepared = true;
      if (lands(ending, now)) {
        return new Step.Land();
      }
    }
    if (last == null) {
      last = last(job, ending, now);
    }
    return write(Asked.END, last, now);
  }

  /** Says the last; whether that is to arrive before the write. */
  private boolean lands(Ending ending, long now) {
    return switch (ending) {
      // its last report is the 100 % behind the write
      case Ending.Ends(Outcome.Succeeded _) -> false;
      case Ending.Ends(Outcome.Failed _), Ending.Stops _, Ending.Expires _ -> {
        newestNow(now);
        yield false;
      }
      case Ending.TriedAgain(var after, var counts) -> {
        newestNow(now);
        if (counts && !lease.lost(now)) {
          tell(++seq, new Report(newest().percentage(), failed(job.attempt(), after)));
        }
        yield true;
      }
      case Ending.HandedOn _ -> {
        newestNow(now);
        yield true;
      }
    };
  }

  private Call<Kept> last(Job held, Ending ending, long now) {
    return switch (ending) {
      case Ending.Ends(Outcome.Succeeded outcome) -> {
        var whole = reports.end();
        hundred = whole;
        seq += 2;
        yield calls.finish(held, outcome, whole, seq, annotations, nonces.get());
      }
      case Ending.Ends(Outcome.Failed outcome) ->
          calls.finish(held, outcome, newest(), ++seq, annotations, nonces.get());
      case Ending.Stops _ -> calls.stop(held, said(++seq), nonces.get());
      case Ending.Expires _ -> calls.timeOut(held, said(++seq), nonces.get());
      case Ending.TriedAgain(var after, var counts) ->
          calls.retry(held, now + after.toMillis(), counts, said(++seq), nonces.get());
      case Ending.HandedOn _ -> calls.handOn(held, said(++seq), nonces.get());
    };
  }

  /** The newest report goes out whatever the throttle says: it is the last. */
  private void newestNow(long now) {
    if (!lease.lost(now)) {
      reports
          .toSend(Math.max(now, reports.nextSendAt()))
          .ifPresent(report -> send(++seq, report, now));
    }
  }

  private void send(long number, Report report, long now) {
    if (firstProgressAt.isEmpty()) {
      firstProgressAt = OptionalLong.of(now);
    }
    feed.accept(report);
    tell(number, report);
  }

  /** Whoever watches a job that fails early would see nothing of it before its last attempt. */
  private static String failed(int attempt, Duration after) {
    var seconds = BigDecimal.valueOf(Math.max(100, after.toMillis()), 3);
    var scale = seconds.compareTo(BigDecimal.TEN) < 0 ? 1 : 0;
    var rounded = seconds.setScale(scale, RoundingMode.HALF_UP).stripTrailingZeros();
    return "attempt " + attempt + " failed, the next begins in " + rounded.toPlainString() + " s";
  }

  private void tell(long number, Report report) {
    recipients.tell(
        new ServerFrame.Progress(
            job.requestId(),
            job.id().value(),
            number,
            report.percentage(),
            report.message(),
            job.attempt(),
            annotations));
  }

  private Said said(long number) {
    return new Said(newest(), number, annotations);
  }

  /** What the row has, before this run has said anything. */
  private Report newest() {
    return reported ? reports.newest() : new Report(job.percentage(), job.message());
  }
}
