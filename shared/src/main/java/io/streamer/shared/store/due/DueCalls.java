package io.streamer.shared.store.due;

import io.streamer.shared.job.Due;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.Transitions.Rule;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.Endings;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.JobWrites;
import io.streamer.shared.store.JobWrites.Written;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.store.row.JobMarks;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What others do to a job than its holder: look after it when it is due, cancel it, abandon it.
 * Each write names what was seen before; several that look after one job do no harm.
 */
public final class DueCalls {
  private static final int MOST_ROUNDS = 5;
  private static final String DUE_AT = "dueAt";
  private static final String DUE_SHARD = "dueShard";

  private final Tables tables;
  private final InstantSource clock;
  private final Pages pages;
  private final JobWrites writes;
  private final Endings endings;
  private final SubscriptionCalls subscriptions;
  private final Duration dueAfter;

  public DueCalls(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
    this.pages = new Pages(tables.jobs(), "jobId", DUE_AT);
    this.writes = new JobWrites(tables);
    this.endings = new Endings(limits);
    this.subscriptions = new SubscriptionCalls(tables, limits, clock);
    this.dueAfter = limits.dueAfter();
  }

  /**
   * The jobs of a shard that are due, the longest due first.
   *
   * @param shard 0 to 15, see {@link JobId#dueShard}
   * @param limit cut to 1 to 100
   * @param cursor of the page before
   */
  public Call<DueJobs> due(int shard, int limit, Optional<String> cursor) {
    var key = JobItems.dueShard(shard);
    var range =
        new StoreRequest.Range(
            tables.jobs(),
            Optional.of(Tables.DUE),
            DUE_SHARD,
            Value.of(key),
            DUE_AT,
            Value.of(0),
            Value.of(clock.millis()),
            Math.clamp(limit, 1, StoreRequest.Batch.MOST_KEYS),
            cursor.map(text -> pages.after(DUE_SHARD, key, text)),
            false);
    return Call.ask(range, Pages::rows)
        .then(rows ->
            // what is left out stays due, and is met by the next look
            pages.some(rows.items()).map(items -> read(items, rows.last().map(pages::cursor))));
  }

  private static DueJobs read(List<Item> items, Optional<String> next) {
    var jobs = new ArrayList<Job>();
    var unreadable = new ArrayList<JobId>();
    for (var item : items) {
      try {
        jobs.add(JobItems.read(item));
      } catch (RuntimeException _) {
        // whatever is wrong with it, the others want to be looked after
        unreadable.add(new JobId(item.text("jobId")));
      }
    }
    return new DueJobs(jobs, unreadable, next);
  }

  /**
   * Looks after a job whose row cannot be read at another time: somebody else may read it.
   *
   * @return false if it has left {@code due}
   */
  public Call<Boolean> setAside(JobId unreadable, long at) {
    return Call.ask(
        writes.mark(
            unreadable,
            Map.of(DUE_AT, Value.of(at)),
            Map.of(),
            Set.of(),
            List.of(
                new Condition.Equal(
                    DUE_SHARD, Value.of(JobItems.dueShard(unreadable.dueShard()))))),
        Answer::accepted);
  }

  /** Has a worker started for the job, as {@link Due} decided. */
  public Call<Kept> start(Job job, Due.Decision.Start decision, String nonce) {
    var step = decision.step();
    if (!step.has(Rule.STARTS)) {
      throw new IllegalArgumentException(step + " starts no worker");
    }
    var set = due(job, decision.lookAt());
    if (step == Step.RECOVER) {
      set.put("attempt", job.attempt() + 1);
    }
    return writes.step(job, step, set.build(), Set.of(), nonce).map(Written::kept);
  }

  /**
   * Ends the job without a worker, as {@link Due} decided. It stays due until its terminal frame,
   * numbered {@link Job#seqOfEndByOthers} of the job before, was delivered.
   *
   * @return Lost, too, if its owner was away and has come back
   */
  public Call<Kept> end(Job job, Due.Decision.End decision, String nonce) {
    var step = decision.step();
    var forItsOwner =
        step == Step.CANCEL || (step == Step.BURY && !job.marks().cancel())
            ? abandoned(job)
            : List.<Condition>of();
    return end(job, step, decision.problem(), forItsOwner, nonce).map(Written::kept);
  }

  /**
   * Asks the holder of an abandoned job to stop.
   *
   * @return false if it is not running any more, or its owner has come back
   */
  public Call<Boolean> stopAbandoned(Job job) {
    return askToStop(job, abandoned(job)).map(Written.Done.class::isInstance);
  }

  private static List<Condition> abandoned(Job job) {
    return job.marks().abandonAt().stream()
        .map(at -> JobWrites.equal(JobMarks.ABANDON_AT, at))
        .toList();
  }

  /**
   * Looks after the job again at another time.
   *
   * @return false if it is not due any more as it was seen
   */
  public Call<Boolean> lookLater(Job job, long at) {
    var conditions = new ArrayList<>(JobWrites.same(job));
    conditions.add(new Condition.OneOf(DUE_AT, dues(job, at)));
    return mark(job, due(job, at).build().attributes(), Set.of(), conditions)
        .map(Written.Done.class::isInstance);
  }

  /**
   * Takes away the subscriptions that came behind the job's end, which was told: nobody looks after
   * it any more.
   *
   * @return false if the job has gone or is another one by now
   */
  public Call<Boolean> sweep(Job told) {
    var conditions = new ArrayList<>(JobWrites.same(told));
    conditions.add(new Condition.Present(JobMarks.TOLD));
    return subscriptions
        .deleteAll(SubscriptionCalls.topic(told.id()))
        .then(_ -> mark(told, Map.of(), JobItems.DUE, conditions))
        .map(Written.Done.class::isInstance);
  }

  /**
   * Cancels the job, as it was seen: at once if nobody holds it, else by asking its holder.
   *
   * @param nonce fresh for this cancel
   */
  public Call<Cancelled> cancel(Job seen, String nonce) {
    return cancel(seen, nonce, MOST_ROUNDS);
  }

  /**
   * Notes that the job's owner has left: it is cancelled at a time, unless its owner comes back.
   *
   * @param left the connection that was its owner's; if another one is by now, nothing happens
   * @return false if nothing was noted: the job has ended, is to go on, or has another owner
   */
  public Call<Boolean> abandon(Job seen, Route left, long at) {
    return abandon(seen, left, at, MOST_ROUNDS);
  }

  private Call<Cancelled> cancel(Job seen, String nonce, int rounds) {
    if (seen.status().terminal() || rounds == 0) {
      return Call.done(new Cancelled.TooLate(seen));
    }
    var running = seen.status() == JobStatus.RUNNING;
    var write =
        running
            ? askToStop(seen, List.of())
            : end(
                seen,
                Step.CANCEL,
                Problem.of(ErrorCode.CANCELLED, "the job was cancelled"),
                List.of(),
                nonce);
    return write.then(written ->
        switch (written) {
          case Written.Done(var job) ->
              Call.done(running ? new Cancelled.Asked(job) : new Cancelled.Ended(job));
          case Written.Refused(var old) ->
              old.filter(row -> row.run().equals(seen.run()))
                  .map(row -> cancel(row, nonce, rounds - 1))
                  .orElseGet(() -> Call.done(new Cancelled.TooLate(seen)));
        });
  }

  private Call<Written> askToStop(Job seen, List<Condition> more) {
    // of any epoch: whoever holds it next has to stop, too
    var conditions = new ArrayList<>(more);
    conditions.add(new Condition.Equal("run", Value.of(seen.run())));
    conditions.add(JobWrites.from(Set.of(JobStatus.RUNNING)));
    return mark(
        seen,
        Map.of(JobMarks.CANCEL, new Value.Bool(true)),
        Set.of(JobMarks.ABANDON_AT),
        conditions);
  }

  private Call<Boolean> abandon(Job seen, Route left, long at, int rounds) {
    var theirs = seen.route().filter(left::sameConnection);
    if (theirs.isEmpty()
        || !seen.terms().cancelWhenLeft()
        || seen.status().terminal()
        || seen.marks().cancel()
        || rounds == 0) {
      return Call.done(false);
    }
    var set = new Item.Builder().put(JobMarks.ABANDON_AT, at);
    // a retry keeps its time, and is cancelled then
    if (seen.status() != JobStatus.RETRYING) {
      set.putAll(due(seen, Math.min(at, seen.dueAt().orElse(at))).build());
    }
    var conditions =
        List.of(
            new Condition.Equal("run", Value.of(seen.run())),
            new Condition.Equal("route", JobItems.write(theirs.get())),
            JobWrites.from(Set.of(seen.status())),
            new Condition.Absent(JobMarks.CANCEL));
    return mark(seen, set.build().attributes(), Set.of(), conditions)
        .then(written ->
            switch (written) {
              case Written.Done _ -> Call.done(true);
              case Written.Refused(var old) ->
                  old.filter(row -> row.run().equals(seen.run()))
                      .map(row -> abandon(row, left, at, rounds - 1))
                      .orElseGet(() -> Call.done(false));
            });
  }

  private Call<Written> end(
      Job job, Step step, Problem problem, List<Condition> more, String nonce) {
    var now = clock.millis();
    var set = endings.failed(step, problem, job.seqOfEndByOthers(), now);
    var tellAgain = now + dueAfter.toMillis();
    if (job.dueAt().filter(at -> at > now && at <= tellAgain).isEmpty()) {
      // whoever ends it may stop before its watchers know, and first has time to tell them
      set.putAll(due(job, tellAgain).build());
    }
    return writes.step(job, step, set.build(), Set.of(), more, nonce);
  }

  private Call<Written> mark(
      Job job, Map<String, Value> set, Set<String> remove, List<Condition> conditions) {
    return Call.ask(
        writes.mark(job.id(), set, Map.of(), remove, conditions),
        answer ->
            switch (answer) {
              case Answer.Refused(var old) -> new Written.Refused(old.map(JobItems::read));
              case Answer.Row _, Answer.Rows _ ->
                  new Written.Done(JobItems.read(answer.item().orElseThrow()));
            });
  }

  /** As it was seen, or as this write left it. */
  private static List<Value> dues(Job job, long at) {
    return Stream.concat(job.dueAt().stream(), Stream.of(at)).map(Value::of).toList();
  }

  private static Item.Builder due(Job job, long at) {
    return new Item.Builder()
        .put(DUE_AT, at)
        .put(DUE_SHARD, JobItems.dueShard(job.id().dueShard()));
  }
}
