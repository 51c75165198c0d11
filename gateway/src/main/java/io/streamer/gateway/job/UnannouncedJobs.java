package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionReply;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.hold.Pauses;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Submitted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends jobs that nobody was told of: each was answered on the spot, because the store did not say
 * whether it has the job, and may have it all the same, or get it late. Left alone, it would count
 * as lost with its lease. What its watchers are told is what was answered: somebody may have sent
 * the request again meanwhile. On any event loop; bounded in number, in bytes and in time.
 */
final class UnannouncedJobs {
  private static final Logger LOG = LoggerFactory.getLogger(UnannouncedJobs.class);
  private static final int MOST = 1_000;
  private static final long MOST_BYTES = 16L << 20;
  private static final Pauses PAUSES = new Pauses(500, 30_000);

  /** Four minutes, about. */
  private static final int MOST_TRIES = 12;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final JobResults results;
  private final Notifier notifier;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  UnannouncedJobs(
      Vertx vertx, VertxDynamo dynamo, JobCalls jobs, JobResults results, Notifier notifier) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.results = results;
    this.notifier = notifier;
  }

  /**
   * Ends the request's job as it was answered; returns at once.
   *
   * @param asked as it was to be stored
   * @param last what its handler said last
   */
  void end(NewJob asked, Report last, Map<String, String> annotations, ActionReply reply) {
    var size = size(reply);
    var before = waiting.getAndIncrement();
    if (bytes.addAndGet(size) > MOST_BYTES || before >= MOST) {
      asked.about().in(LOG.atWarn()).log("job {} is left to its lease: too many are", asked.id());
      left(size);
      return;
    }
    new End(asked, last, annotations, reply, size).later(PAUSES.firstMs());
  }

  private void left(int size) {
    waiting.decrementAndGet();
    bytes.addAndGet(-size);
  }

  private static int size(ActionReply reply) {
    return reply instanceof ActionReply.Answered(var json) ? json.utf8().length : 0;
  }

  private final class End {
    private final NewJob asked;
    private final Report last;
    private final Map<String, String> annotations;
    private final ActionReply reply;
    private final int size;
    private final String nonce = UUID.randomUUID().toString();
    private @Nullable Outcome outcome;
    private int tries;

    End(NewJob asked, Report last, Map<String, String> annotations, ActionReply reply, int size) {
      this.asked = asked;
      this.last = last;
      this.annotations = annotations;
      this.reply = reply;
      this.size = size;
    }

    void later(long pauseMs) {
      // many may have been answered so in the same second
      var delay = pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs);
      vertx.setTimer(delay, _ -> again(pauseMs));
    }

    private void again(long pauseMs) {
      tries++;
      // what is not there yet is put: a put of before that comes late then changes nothing
      dynamo
          .execute(jobs.overran(asked, last.percentage(), last.message()))
          .compose(this::met)
          .onSuccess(_ -> left(size))
          .onFailure(e -> {
            if (tries < MOST_TRIES && FrameFailure.isStoreAway(e)) {
              later(PAUSES.after(pauseMs));
              return;
            }
            asked
                .about()
                .in(LOG.atWarn())
                .log("job {} is left to its lease: {}", asked.id(), e.toString());
            left(size);
          });
    }

    private Future<Void> met(Submitted submitted) {
      return switch (submitted) {
        case Submitted.Stored(var job) -> outcome().compose(known -> finish(job, known));
        case Submitted.Duplicate _, Submitted.Clash _ -> {
          Submit.discard(dynamo, jobs, asked);
          yield Future.succeededFuture();
        }
      };
    }

    private Future<Outcome> outcome() {
      var known = outcome;
      return known == null
          ? results
              .keep(asked.caller().tenant(), asked.action(), annotations, reply)
              .onSuccess(kept -> outcome = kept)
          : Future.succeededFuture(known);
    }

    private Future<Void> finish(Job job, Outcome known) {
      // a success has its 100 % before its end
      var seq = job.firstSeq() + 2;
      return dynamo
          .execute(jobs.finish(job, known, last, seq, annotations, nonce))
          .compose(kept ->
              switch (kept) {
                case Kept.Still(var ended) -> notifier.conclude(ended);
                case Kept.Lost _ -> Future.succeededFuture();
              });
    }
  }
}
