package io.streamer.shared.store;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Result;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.JobWrites.Written;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.store.row.JobMarks;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A job's submit, its life with its holder, and what others read of it. A write by its holder names
 * the epoch it holds and carries a nonce, so that a retry which is refused by its own success knows
 * it: the same call may be executed again until it is answered.
 */
public final class JobCalls {
  private static final Set<JobStatus> TERMINAL =
      Arrays.stream(JobStatus.values())
          .filter(JobStatus::terminal)
          .collect(Collectors.toUnmodifiableSet());

  /** What never falls while a job has the same holder; a checkpoint's name has its number. */
  private static final Set<String> RISING = Set.of("seq", "eventSeq", JobMarks.CHECKPOINT);

  private static final Problem CANCELLED = Problem.of(ErrorCode.CANCELLED, "the job was cancelled");

  private final Tables tables;
  private final JobLimits limits;
  private final InstantSource clock;
  private final JobReads reads;
  private final Submissions submissions;
  private final JobWrites writes;
  private final Endings endings;

  public JobCalls(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.limits = limits;
    this.clock = clock;
    this.reads = new JobReads(tables);
    this.submissions = new Submissions(tables, limits, clock);
    this.writes = new JobWrites(tables);
    this.endings = new Endings(limits);
  }

  /** How long a job is its holder's without another write. */
  public Duration lease() {
    return limits.lease();
  }

  /** When a job has ended, in whole seconds; epoch ms. */
  public long endedAt(Job ended) {
    return endings.endedAt(ended);
  }

  /**
   * Stores a request as a job and has a worker started for it; one with a delay waits for its time.
   */
  public Call<Submitted> submit(NewJob request) {
    return submissions.store(
        request,
        request.options().delayMs() > 0 ? Submissions.State.DELAYED : Submissions.State.QUEUED);
  }

  /**
   * Stores a request that was to be answered on the spot and takes too long: it runs on where it
   * runs, leased to the caller at epoch 1, and no worker is started.
   *
   * @return Stored if the answer now goes the way of a job; else this run's answer is nobody's
   */
  public Call<Submitted> overran(NewJob request, double percentage, String message) {
    return submissions.store(
        request,
        new Submissions.State(Step.OVERRUN, 1, request.run(), leaseUntil(), percentage, message));
  }

  /**
   * Takes away what a submit that was refused left beside its row; the job that stands under its id
   * is not touched.
   *
   * @param refused as it was submitted, with its run
   * @return whether there was something
   */
  public Call<Boolean> discard(NewJob refused) {
    return submissions.discard(refused);
  }

  /**
   * Takes a queued job for a worker. Its checkpoint, attempt and cancel stand in the job.
   *
   * @param epoch the one that the worker was started for
   * @param nonce fresh for this claim
   */
  public Call<Claim> claim(JobId id, long epoch, String nonce) {
    return writes
        .claim(id, epoch, leased().build(), nonce)
        .map(written ->
            switch (written) {
              case Written.Done(var job) -> new Claim.Claimed(job);
              case Written.Refused _ -> new Claim.Taken();
            });
  }

  /**
   * What the job runs on. Its data stays on for those that are handed on for longer than it was to
   * stay.
   *
   * @throws IllegalStateException when executed, if the job's data is gone
   */
  public Call<RunInput> content(Job job) {
    return reads.content(job, Submissions.dataExpiresAt(limits, clock.millis(), job.terms()));
  }

  /** Keeps the newest progress and renews the lease. */
  public Call<Kept> keep(
      Job job, Report newest, long seq, Map<String, String> annotations, String nonce) {
    return keep(job, new Said(newest, seq, annotations), Map.of(), nonce);
  }

  /** Keeps the newest progress and something else, and renews the lease. */
  Call<Kept> keep(Job job, Said said, Map<String, Value> more, String nonce) {
    var set = leased().put("seq", said.seq()).putAll(new Item(more));
    Endings.view(set, said.last(), said);
    return keep(job, set.build(), nonce);
  }

  /** Renews the lease. */
  public Call<Kept> renew(Job job, long seq, String nonce) {
    return keep(job, leased().put("seq", seq).build(), nonce);
  }

  /**
   * A request that was given up may still be done behind those that came after it: it must not undo
   * what they wrote.
   */
  private Call<Kept> keep(Job job, Item set, String nonce) {
    var newer =
        set.attributes().entrySet().stream()
            .filter(entry -> RISING.contains(entry.getKey()))
            .<Condition>map(entry -> new Condition.AtMost(entry.getKey(), entry.getValue()))
            .toList();
    return writes.step(job, Step.KEEP, set, Set.of(), newer, nonce).map(Written::kept);
  }

  /** The job as it stands, all writes up to now included. */
  public Call<Optional<Job>> find(JobId id) {
    return reads.find(id, true);
  }

  /** The job as it stood a moment ago, at half the price. */
  public Call<Optional<Job>> peek(JobId id) {
    return reads.find(id, false);
  }

  /**
   * Ends the job; if a cancel was asked for meanwhile, in that. It stays {@code due} until its
   * terminal frame was {@link #delivered}.
   *
   * @param last what a failed run said last; a success ends at 100 with its message
   * @param seq the terminal frame's number
   * @return with the job as it ended: its status tells
   */
  public Call<Kept> finish(
      Job job,
      Outcome outcome,
      Report last,
      long seq,
      Map<String, String> annotations,
      String nonce) {
    var said = new Said(last, seq, annotations);
    return switch (outcome) {
      case Outcome.Succeeded(Result.Inline(var result)) -> succeed(job, said, result, nonce);
      case Outcome.Succeeded(Result.Stored(var key)) ->
          unlessCancelled(
              job, Step.SUCCEED, success(said).put("resultRef", key).build(), said, nonce);
      case Outcome.Failed(var problem) ->
          unlessCancelled(
              job,
              Step.FAIL,
              endings.failed(Step.FAIL, job, problem, said, clock.millis()),
              said,
              nonce);
    };
  }

  /**
   * Ends the attempt: the job is tried again; if a cancel was asked for meanwhile, it ends in that.
   *
   * @param at when, epoch ms
   * @param counts whether it used up an attempt
   * @param said its seq is the terminal frame's number, should the job end
   * @return with the job as it is now: RETRYING or CANCELLED
   */
  public Call<Kept> retry(Job job, long at, boolean counts, Said said, String nonce) {
    var set =
        new Item.Builder()
            .put("attempt", job.attempt() + (counts ? 1 : 0))
            .put("seq", said.seq())
            .putAll(due(job, at));
    Endings.view(set, said.last(), said);
    return unlessCancelled(job, Step.RETRY, set.build(), said, nonce);
  }

  /**
   * Ends the invocation: the job goes on in another one, from its checkpoint and in the same
   * attempt; if a cancel was asked for meanwhile, it ends in that.
   *
   * @param said its seq is the terminal frame's number, should the job end
   * @return with the job as it is now: QUEUED or CANCELLED
   */
  public Call<Kept> handOn(Job job, Said said, String nonce) {
    var set =
        new Item.Builder()
            .put("seq", said.seq())
            .putAll(due(job, clock.millis() + limits.dueAfter().toMillis()));
    Endings.view(set, said.last(), said);
    return unlessCancelled(job, Step.HAND_ON, set.build(), said, nonce);
  }

  /** Ends the job as cancelled, by its holder. */
  public Call<Kept> stop(Job job, Said said, String nonce) {
    return end(job, Step.STOP, CANCELLED, said, nonce).map(Written::kept);
  }

  /** Ends the job whose deadline has passed, by its holder. */
  public Call<Kept> timeOut(Job job, Said said, String nonce) {
    var problem = Problem.of(ErrorCode.TIMEOUT, "the job's deadline has passed");
    return end(job, Step.TIME_OUT, problem, said, nonce).map(Written::kept);
  }

  /**
   * Notes that whoever watched has the terminal frame, or has left: nobody looks after the job any
   * more. One that had watchers is looked at once again, a lease later: a subscription that was put
   * before its end may still be done behind it, and goes then.
   *
   * @param job as those were told who watched it then
   * @return false if the job has gone or is another one by now, or others watch it besides
   */
  public Call<Boolean> delivered(Job job) {
    var conditions = new ArrayList<>(JobWrites.same(job));
    conditions.add(JobWrites.from(TERMINAL));
    var watch = job.marks().watch();
    conditions.add(
        watch > 0 ? JobWrites.equal(JobMarks.WATCH, watch) : new Condition.Absent(JobMarks.WATCH));
    return Call.ask(
        watch > 0
            ? writes.mark(job.id(), told(job).attributes(), Map.of(), Set.of(), conditions)
            : writes.mark(job.id(), Map.of(), Map.of(), JobItems.DUE, conditions),
        Answer::accepted);
  }

  private Item told(Job job) {
    return new Item.Builder()
        .put("dueAt", clock.millis() + limits.lease().toMillis())
        .put("dueShard", JobItems.dueShard(job.id().dueShard()))
        .put(JobMarks.TOLD, new Value.Bool(true))
        .build();
  }

  /**
   * Sends the job's later frames to this connection, and tells how the job stands at that point.
   * Its owner is back: it is not abandoned any more.
   */
  public Call<Attachment> attach(JobId id, String owner, Route route) {
    return writes.attach(id, Map.of("route", JobItems.write(route)), Map.of(), "owner", owner);
  }

  /**
   * Has whatever is to be sent to the job's owner close its connection, if that still is this one;
   * for the job's holder.
   */
  public Call<Attachment> close(Job job, Route route) {
    return writes.reroute(job, JobItems.write(route), JobItems.write(route.closed()));
  }

  /** See {@link Ownership#attach}. */
  Call<Resumption> attachAlone(JobId id, String owner, Route route) {
    return writes.attachAlone(id, owner, JobItems.write(route));
  }

  /** See {@link Ownership#share}. */
  Call<Resumption> share(Job job) {
    return writes.share(job);
  }

  /** See {@link Ownership#takeOver}. */
  Call<Resumption> takeOver(Job seen, Route route, boolean shared, boolean sameEvents) {
    return writes.takeOver(seen, JobItems.write(route), shared, sameEvents);
  }

  /**
   * Tells the job's holder that its subscribers have changed, and how the job stands at that point.
   *
   * @param tenant the one that it must be of
   */
  Call<Attachment> watch(JobId id, String tenant) {
    return writes.attach(id, Map.of(), Map.of(JobMarks.WATCH, 1L), "tenant", tenant);
  }

  /** The result of a job that succeeded; empty if it did not, or the result is gone. */
  public Call<Optional<Result>> result(Job job) {
    return reads.result(job);
  }

  private Call<Kept> succeed(Job job, Said said, RawJson result, String nonce) {
    var set = success(said);
    var inRow = new Item(Map.of("result", Value.of(result)));
    var size = new Item.Builder().putAll(JobItems.write(job)).putAll(set.build()).putAll(inRow);
    if (size.build().size() <= JobItems.ROW_BYTES) {
      return unlessCancelled(job, Step.SUCCEED, set.putAll(inRow).build(), said, nonce);
    }
    var part = JobItems.resultPart(job.epoch());
    var row = set.put("resultRef", part).build();
    var data = JobItems.data(job, part, inRow, endings.expiresAt(clock.millis()));
    return Call.ask(new StoreRequest.Put(tables.jobData(), data, List.of()), Answer::item)
        .then(_ -> unlessCancelled(job, Step.SUCCEED, row, said, nonce));
  }

  private Item.Builder success(Said said) {
    var set =
        new Item.Builder()
            .put("seq", said.seq())
            .put(Tables.TTL, endings.expiresAt(clock.millis()));
    Endings.view(set, new Report(100, said.last().message()), said);
    return set;
  }

  /** A step of the job's holder, or the end that somebody asked for before it. */
  private Call<Kept> unlessCancelled(Job job, Step step, Item set, Said said, String nonce) {
    return writes
        .step(job, step, set, Set.of(), nonce)
        .then(written ->
            switch (written) {
              case Written.Refused(var old) when old.filter(row -> asked(job, row)).isPresent() ->
                  stop(job, said, nonce);
              case Written.Refused _, Written.Done _ -> Call.done(written.kept());
            });
  }

  private static boolean asked(Job ours, Job row) {
    return row.run().equals(ours.run())
        && row.epoch() == ours.epoch()
        && row.status() == JobStatus.RUNNING
        && row.marks().cancel();
  }

  private Call<Written> end(Job job, Step step, Problem problem, Said said, String nonce) {
    var set = endings.failed(step, job, problem, said, clock.millis());
    return writes.step(job, step, set, Set.of(), nonce);
  }

  private long leaseUntil() {
    return clock.millis() + limits.lease().toMillis();
  }

  private Item.Builder leased() {
    return new Item.Builder().put("leaseUntil", leaseUntil());
  }

  /** When to look after the job. */
  private static Item due(Job job, long at) {
    return new Item.Builder()
        .put("dueAt", job.lookAt(at))
        .put("dueShard", JobItems.dueShard(job.id().dueShard()))
        .build();
  }
}
