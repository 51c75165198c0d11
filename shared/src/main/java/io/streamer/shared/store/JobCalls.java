package io.streamer.shared.store;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Content;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Result;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.Transitions.Step;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every read and write of a job. A write by its holder names the epoch it holds and carries a
 * nonce, so that a retry which is refused by its own success knows it.
 */
public final class JobCalls {
  private static final Set<JobStatus> TERMINAL =
      Arrays.stream(JobStatus.values())
          .filter(JobStatus::terminal)
          .collect(Collectors.toUnmodifiableSet());

  private final Tables tables;
  private final JobLimits limits;
  private final InstantSource clock;
  private final Pages pages;
  private final Submissions submissions;

  public JobCalls(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.limits = limits;
    this.clock = clock;
    this.pages = new Pages(tables.jobs(), "jobId", "createdAt");
    this.submissions = new Submissions(tables, limits, clock);
  }

  /** Stores a request as a job and has a worker started for it. */
  public Call<Submitted> submit(NewJob request) {
    return submissions.store(request, Submissions.State.QUEUED);
  }

  /**
   * Stores a request that was to be answered on the spot and takes too long: it runs on where it
   * runs, leased to the caller at epoch 1, and no worker is started.
   *
   * @return Stored if the answer now goes the way of a job; else this run's answer is nobody's
   */
  public Call<Submitted> overran(NewJob request, double percentage, String message) {
    var lease = clock.millis() + limits.lease().toMillis();
    return submissions.store(
        request,
        new Submissions.State(Step.OVERRUN, 1, request.run(), lease, percentage, message, false));
  }

  /**
   * Takes a queued job for a worker.
   *
   * @param epoch the one that the worker was started for
   * @param nonce fresh for this claim
   */
  public Call<Claim> claim(JobId id, long epoch, String nonce) {
    var set =
        new Item.Builder()
            .put("status", Step.CLAIM.to().name())
            .put("epoch", epoch + 1)
            .put("claim", nonce)
            .put("leaseUntil", clock.millis() + limits.lease().toMillis());
    var conditions = List.of(from(Step.CLAIM.from()), equal("epoch", epoch));
    return Call.ask(
        update(id, set.build(), Set.of(), conditions),
        answer ->
            switch (written(answer, nonce, epoch + 1)) {
              case Kept.Still(var job) -> new Claim.Claimed(job);
              case Kept.Lost _ -> new Claim.Taken();
            });
  }

  /**
   * What the job runs on.
   *
   * @throws IllegalStateException when executed, if the job's data is gone
   */
  public Call<Content> content(Job job) {
    if (job.content().isPresent()) {
      return Call.done(job.content().get());
    }
    var get = new Request.Get(tables.jobData(), JobItems.dataKey(job, JobItems.PAYLOAD_PART), true);
    return Call.ask(
        get,
        answer ->
            answer
                .item()
                .flatMap(JobItems::readContent)
                .orElseThrow(
                    () -> new IllegalStateException("job " + job.id() + " has lost its payload")));
  }

  /** Keeps the newest progress and renews the lease. */
  public Call<Kept> keep(
      Job job, Report newest, long seq, Map<String, String> annotations, String nonce) {
    var set = lease().put("seq", seq).put("claim", nonce);
    view(set, newest, annotations);
    return held(job, Step.KEEP, set.build(), Set.of(), nonce);
  }

  /** Renews the lease. */
  public Call<Kept> renew(Job job, long seq, String nonce) {
    return held(
        job, Step.KEEP, lease().put("seq", seq).put("claim", nonce).build(), Set.of(), nonce);
  }

  /** The job as it stands, all writes up to now included. */
  public Call<Optional<Job>> find(JobId id) {
    return find(id, true);
  }

  /** The job as it stood a moment ago, at half the price. */
  public Call<Optional<Job>> peek(JobId id) {
    return find(id, false);
  }

  /**
   * Ends the job. It stays {@code due} until its terminal frame was {@link #delivered}.
   *
   * @param last what a failed run said last; a success ends at 100 with its message
   * @param seq the terminal frame's number
   */
  public Call<Kept> finish(
      Job job,
      Outcome outcome,
      Report last,
      long seq,
      Map<String, String> annotations,
      String nonce) {
    var now = clock.millis();
    var expiresAt = now / 1_000 + limits.retention().toSeconds();
    var set = new Item.Builder().put("seq", seq).put("claim", nonce).put(Tables.TTL, expiresAt);
    return switch (outcome) {
      case Outcome.Succeeded(Result.Inline(var result)) -> {
        view(set, new Report(100, last.message()), annotations);
        yield succeed(job, set, result, expiresAt, nonce);
      }
      case Outcome.Succeeded(Result.Stored(var key)) -> {
        view(set, new Report(100, last.message()), annotations);
        set.put("resultRef", key);
        yield held(job, Step.SUCCEED, set.build(), Set.of("leaseUntil"), nonce);
      }
      case Outcome.Failed(var problem) -> {
        // 100 says that the result is there
        var percentage = last.percentage() < 100 ? last.percentage() : job.percentage();
        view(set, new Report(percentage, last.message()), annotations);
        set.put("error", JobItems.write(problem)).put("deadAt", now);
        yield held(job, Step.FAIL, set.build(), Set.of("leaseUntil"), nonce);
      }
    };
  }

  /**
   * Notes that whoever watched has the terminal frame, or has left: nobody looks after the job any
   * more.
   *
   * @return false if the job has gone or is another one by now
   */
  public Call<Boolean> delivered(Job job) {
    var conditions = new ArrayList<>(holds(job));
    conditions.add(from(TERMINAL));
    return Call.ask(
        update(job.id(), new Item(Map.of()), Set.of("dueAt", "dueShard"), conditions),
        Answer::accepted);
  }

  /**
   * Sends the job's later frames to this connection, and tells how the job stands at that point.
   */
  public Call<Attachment> attach(JobId id, String owner, Route route) {
    if (!id.wellFormed()) {
      return Call.done(new Attachment.Unknown());
    }
    var set = new Item(Map.of("route", JobItems.write(route)));
    return Call.ask(
        update(id, set, Set.of(), List.of(new Condition.Equal("owner", Value.of(owner)))),
        answer ->
            answer.accepted()
                ? new Attachment.Attached(JobItems.read(answer.item().orElseThrow()))
                : new Attachment.Unknown());
  }

  /** The result of a job that succeeded; empty if it did not, or the result is gone. */
  public Call<Optional<Result>> result(Job job) {
    if (job.result().isPresent()) {
      return Call.done(job.result().map(Result.Inline::new));
    }
    if (job.resultRef().isEmpty()) {
      return Call.done(Optional.empty());
    }
    var ref = job.resultRef().get();
    if (!JobItems.isPart(ref)) {
      return Call.done(Optional.of(new Result.Stored(ref)));
    }
    var get = new Request.Get(tables.jobData(), JobItems.dataKey(job, ref), true);
    return Call.ask(
        get,
        answer -> answer.item().flatMap(item -> item.findJson("result")).map(Result.Inline::new));
  }

  /**
   * A user's jobs, newest first. A job submitted a moment ago may be missing.
   *
   * @param limit cut to 1 to 100
   * @throws IllegalArgumentException if the cursor is none of ours
   */
  public Call<Page<Job>> byOwner(String owner, int limit, Optional<String> cursor) {
    return pages
        .page(Tables.BY_OWNER, "owner", owner, limit, cursor)
        .map(page -> new Page<>(page.items().stream().map(JobItems::read).toList(), page.next()));
  }

  private Call<Kept> succeed(
      Job job, Item.Builder set, RawJson result, long expiresAt, String nonce) {
    var gone = Set.of("leaseUntil");
    var inRow = new Item(Map.of("result", Value.of(result)));
    var size = new Item.Builder().putAll(JobItems.write(job)).putAll(set.build()).putAll(inRow);
    if (size.build().size() <= JobItems.ROW_BYTES) {
      return held(job, Step.SUCCEED, set.putAll(inRow).build(), gone, nonce);
    }
    var part = JobItems.resultPart(job.epoch());
    var last = held(job, Step.SUCCEED, set.put("resultRef", part).build(), gone, nonce);
    var data = JobItems.data(job, part, inRow, expiresAt);
    return Call.ask(new Request.Put(tables.jobData(), data, List.of()), Answer::item)
        .then(_ -> last);
  }

  private Call<Optional<Job>> find(JobId id, boolean consistent) {
    if (!id.wellFormed()) {
      return Call.done(Optional.empty());
    }
    return Call.ask(
        new Request.Get(tables.jobs(), JobItems.key(id), consistent),
        answer -> answer.item().map(JobItems::read));
  }

  /** A write of the job's holder. */
  private Call<Kept> held(Job job, Step step, Item set, Set<String> remove, String nonce) {
    var conditions = new ArrayList<>(holds(job));
    conditions.add(from(step.from()));
    return Call.ask(
        update(
            job.id(),
            new Item.Builder().putAll(set).put("status", step.to().name()).build(),
            remove,
            conditions),
        answer -> written(answer, nonce, job.epoch()));
  }

  /** A refusal that met our own nonce was an earlier try's success. */
  private static Kept written(Answer answer, String nonce, long epoch) {
    return switch (answer) {
      case Answer.Refused(var old) ->
          old.map(JobItems::read)
              .filter(job -> job.claim().equals(nonce) && job.epoch() == epoch)
              .<Kept>map(Kept.Still::new)
              .orElseGet(Kept.Lost::new);
      case Answer.Row _, Answer.Rows _ ->
          new Kept.Still(JobItems.read(answer.item().orElseThrow()));
    };
  }

  /**
   * Every write but the one that starts a worker takes {@code start} away: the stream looks at it.
   */
  private Request.Update update(
      JobId id, Item set, Set<String> remove, List<Condition> conditions) {
    var gone = new HashSet<>(remove);
    gone.add("start");
    return new Request.Update(tables.jobs(), JobItems.key(id), set.attributes(), gone, conditions);
  }

  private Item.Builder lease() {
    return new Item.Builder().put("leaseUntil", clock.millis() + limits.lease().toMillis());
  }

  private static void view(Item.Builder set, Report report, Map<String, String> annotations) {
    set.put("percentage", Value.of(report.percentage())).put("message", report.message());
    if (!annotations.isEmpty()) {
      set.put("annotations", Value.of(annotations));
    }
  }

  private static List<Condition> holds(Job job) {
    return List.of(equal("epoch", job.epoch()), new Condition.Equal("run", Value.of(job.run())));
  }

  private static Condition equal(String attribute, long number) {
    return new Condition.Equal(attribute, Value.of(number));
  }

  private static Condition from(Set<JobStatus> states) {
    return new Condition.OneOf(
        "status",
        states.stream()
            .map(status -> Value.of(status.name()))
            .collect(Collectors.toUnmodifiableSet()));
  }
}
