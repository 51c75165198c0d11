package io.streamer.worker;

import io.streamer.shared.blob.Results;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Result;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.Said;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that one job writes and says, from one thread: numbers, store and pushes cannot overtake each
 * other. Nothing is said once the job is somebody else's.
 */
final class Outbox {
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 2000;
  private static final long WRITE_MS = 2000;

  private final Held held;
  private final Reports reports;
  private final Journal journal;
  private final Courier courier;
  private final Store store;
  private final Teller teller;
  private final Time time;
  private final Consumer<String> lines;

  private Map<String, String> annotations = Map.of();
  private long seq;
  private boolean reported;
  private OptionalLong firstProgressAt = OptionalLong.empty();
  private boolean keepFailed;
  private Journal.@Nullable Write unanswered;
  private long retryAt;
  private long giveUpAt = Long.MIN_VALUE;
  private long pauseMs = FIRST_PAUSE_MS;

  /**
   * Begins with the holder's first number.
   *
   * @param lines takes what the job does, for whoever follows this process
   */
  Outbox(
      Held held,
      Reports reports,
      Emissions emissions,
      Pace pace,
      Courier courier,
      Store store,
      Results results,
      Time time,
      Consumer<String> lines) {
    this.held = held;
    this.reports = reports;
    this.journal = new Journal(emissions, pace, courier, store.runs(), () -> ++seq);
    this.courier = courier;
    this.store = store;
    this.teller = new Teller(courier, store, results, lines);
    this.time = time;
    this.lines = lines;
    this.seq = held.job().firstSeq();
    courier.follow(held.route(), held.watch());
  }

  Journal journal() {
    return journal;
  }

  /** Takes what the handler's thread left. */
  void take(Handoff.Look look, Map<String, String> newestAnnotations) {
    annotations = newestAnnotations;
    if (look.progress() != null) {
      reported = true;
      reports.report(look.progress().percentage(), look.progress().message(), time.millis());
    }
  }

  /** When the first progress of this run went out; epoch ms. */
  OptionalLong firstProgressAt() {
    return firstProgressAt;
  }

  /** Whether a report waits to be sent, so that {@link #nextTurn} comes soon anyway. */
  boolean pending() {
    return unanswered == null && reports.nextSendAt() != Long.MAX_VALUE;
  }

  /** Whether all events are stored. */
  boolean drained() {
    return unanswered == null && journal.empty();
  }

  /** Whether somebody asked for the job to stop. */
  boolean cancelled() {
    return held.cancelled();
  }

  /**
   * Does whatever is due.
   *
   * @return false if the job is no longer ours: nothing more is written or sent
   */
  boolean turn() {
    var now = time.millis();
    if (held.tooOld(now)) {
      courier.close();
      return false;
    }
    if (unanswered == null) {
      reports.toSend(now).ifPresent(report -> send(++seq, report));
    }
    if (!contact(now)) {
      courier.close();
      return false;
    }
    // pushed behind the write, to whoever watches by the image that the write returned
    courier.follow(held.route(), held.watch());
    courier.carry();
    return true;
  }

  /** When {@link #turn} has something to do again, epoch ms. */
  long nextTurn() {
    if (unanswered != null) {
      return Math.min(Math.min(retryAt, held.lostAt()), courier.nextAt());
    }
    var progress = Math.min(reports.nextSendAt(), reports.nextKeepAt());
    var giveUp = courier.ownerGivenUp() ? giveUpAt : Long.MAX_VALUE;
    return Math.min(
        Math.min(held.nextAt(), Math.min(progress, giveUp)),
        Math.min(journal.nextAt(), courier.nextAt()));
  }

  /** One contact with the row, if one is due: what the handler emitted comes first. */
  private boolean contact(long now) {
    if (unanswered != null) {
      return now < retryAt || write(unanswered);
    }
    if (courier.ownerGivenUp() && now >= giveUpAt) {
      giveUpAt = now + LONGEST_PAUSE_MS;
      return held.closeOwner();
    }
    if (journal.nextAt() <= now) {
      // the same write keeps the progress
      reports.toKeep(now);
      return write(journal.next(held.job(), () -> said(seq), time));
    }
    if (reports.toKeep(now) || (keepFailed && held.lookDue(now))) {
      // a number of its own: a late one must not undo it
      var reply =
          held.write(store.jobs().keep(held.job(), newest(), ++seq, annotations, Store.nonce()));
      keepFailed = reply == Held.Reply.UNANSWERED;
      return reply != Held.Reply.LOST;
    }
    if (held.renewalDue(now)) {
      return held.write(store.jobs().renew(held.job(), seq, Store.nonce())) != Held.Reply.LOST;
    }
    return !held.lookDue(now) || held.look();
  }

  private boolean write(Journal.Write write) {
    return switch (held.write(write.call())) {
      case LOST -> false;
      case WRITTEN -> {
        written(write);
        yield true;
      }
      case UNANSWERED -> {
        unanswered = write;
        retryAt = time.millis() + pauseMs;
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        yield true;
      }
    };
  }

  private void written(Journal.Write write) {
    unanswered = null;
    pauseMs = FIRST_PAUSE_MS;
    keepFailed = false;
    // whoever is new gets what was said before this
    courier.follow(held.route(), held.watch());
    write.then().run();
  }

  /**
   * Stores what becomes of the job and tells it, if that is an end. Without a connection, or if the
   * store could not be reached until the lease ended, others see to it: the job stands in {@code
   * due}.
   *
   * @param tellUntil when to leave the telling to others, epoch ms
   */
  void end(Verdict verdict, long tellUntil) throws InterruptedException {
    if (unanswered != null) {
      var write = unanswered;
      if (!held.store(write.call())) {
        return;
      }
      written(write);
    }
    switch (verdict) {
      case Verdict.Ends(var outcome) -> end(outcome, tellUntil);
      case Verdict.Stops _ -> {
        newestNow();
        end(store.jobs().stop(held.job(), said(++seq), Store.nonce()), tellUntil);
      }
      case Verdict.Expires _ -> {
        newestNow();
        end(store.jobs().timeOut(held.job(), said(++seq), Store.nonce()), tellUntil);
      }
      case Verdict.TriedAgain(var after, var counts) -> {
        newestNow();
        // behind the write the next holder may speak at any time
        courier.land(landUntil(tellUntil));
        var at = time.millis() + after.toMillis();
        end(store.jobs().retry(held.job(), at, counts, said(++seq), Store.nonce()), tellUntil);
      }
      case Verdict.HandedOn _ -> {
        newestNow();
        courier.land(landUntil(tellUntil));
        end(store.jobs().handOn(held.job(), said(++seq), Store.nonce()), tellUntil);
      }
    }
  }

  /** The write that follows needs some of the time. */
  private static long landUntil(long tellUntil) {
    return tellUntil - WRITE_MS;
  }

  private void end(Outcome outcome, long tellUntil) throws InterruptedException {
    switch (outcome) {
      case Outcome.Succeeded(var result) -> {
        var hundred = reports.end();
        seq += 2;
        if (held.store(finish(outcome, hundred))) {
          if (held.job().status() == JobStatus.SUCCEEDED) {
            send(seq - 1, hundred);
          }
          told(Optional.of(result), tellUntil);
        }
      }
      case Outcome.Failed _ -> {
        newestNow();
        seq++;
        end(finish(outcome, newest()), tellUntil);
      }
    }
  }

  private Call<Kept> finish(Outcome outcome, Report last) {
    return store.jobs().finish(held.job(), outcome, last, seq, annotations, Store.nonce());
  }

  private void end(Call<Kept> call, long tellUntil) throws InterruptedException {
    if (held.store(call)) {
      told(Optional.empty(), tellUntil);
    }
  }

  private void told(Optional<Result> result, long until) throws InterruptedException {
    courier.follow(held.route(), held.watch());
    teller.tell(held.job(), result, until);
  }

  /** The newest report goes out whatever the throttle says: it is the last. */
  private void newestNow() {
    reports
        .toSend(Math.max(time.millis(), reports.nextSendAt()))
        .ifPresent(report -> send(++seq, report));
  }

  private void send(long number, Report report) {
    var job = held.job();
    if (firstProgressAt.isEmpty()) {
      firstProgressAt = OptionalLong.of(time.millis());
    }
    lines.accept("%.0f %% %s".formatted(report.percentage(), report.message()).strip());
    courier.tell(
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
    return reported ? reports.newest() : new Report(held.job().percentage(), held.job().message());
  }
}
