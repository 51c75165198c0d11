package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobTerms;
import io.streamer.shared.job.Marks;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.job.Transitions.Rule;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a request becomes a row of {@code jobs}, and of {@code job_data} if it is too big for one.
 */
final class Submissions {
  /** What a row gains after its submit: lease, claim, checkpoint, a message of a common length. */
  private static final int GROWTH_BYTES = 380;

  /** Data outlives the job: its end is not known yet when it is written. */
  static final Duration DATA_MARGIN = Duration.ofDays(30);

  /**
   * When data of a job may go; epoch seconds.
   *
   * @param at when it is written, epoch milliseconds
   */
  static long dataExpiresAt(JobLimits limits, long at, JobTerms terms) {
    var from = Math.max(at, terms.notBefore().orElse(at));
    return (from + limits.retention().plus(DATA_MARGIN).toMillis()) / 1_000;
  }

  private final Tables tables;
  private final JobLimits limits;
  private final InstantSource clock;

  Submissions(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.limits = limits;
    this.clock = clock;
  }

  /** What the row says besides the request. */
  record State(
      Step step, long epoch, String claim, long leaseUntil, double percentage, String message) {
    static final State QUEUED = new State(Step.SUBMIT, 0, "", 0, 0, "");
    static final State DELAYED = new State(Step.DEFER, 0, "", 0, 0, "");
  }

  Call<Submitted> store(NewJob request, State state) {
    var now = clock.millis();
    var content = request.content();
    var whole = job(request, state, now, Optional.of(content));
    if (fits(whole, state)) {
      return put(whole, state);
    }
    var expiresAt = dataExpiresAt(limits, now, whole.terms());
    var bare = job(request, state, now, Optional.empty());
    var data = JobItems.data(bare, JobItems.PAYLOAD_PART, JobItems.write(content), expiresAt);
    // what a row points to is written before the row
    return Call.ask(new StoreRequest.Put(tables.jobData(), data, List.of()), Answer::item)
        .then(_ -> put(bare, state));
  }

  /**
   * Takes away what {@link #store} wrote beside a row that it could not write. It stands under the
   * request's own run: what another request with this id stored is not touched.
   */
  Call<Boolean> discard(NewJob refused) {
    // an overrun's row has the least room for a payload
    var overran = new State(Step.OVERRUN, 1, refused.run(), clock.millis(), 0, "");
    var job = job(refused, overran, clock.millis(), Optional.of(refused.content()));
    return fits(job, overran)
        ? Call.done(false)
        : Call.ask(
            new StoreRequest.Delete(tables.jobData(), JobItems.dataKey(job, JobItems.PAYLOAD_PART)),
            answer -> answer.item().isPresent());
  }

  private static boolean fits(Job whole, State state) {
    return row(whole, state).size() + GROWTH_BYTES <= JobItems.ROW_BYTES;
  }

  private Call<Submitted> put(Job job, State state) {
    var absent = List.<Condition>of(new Condition.Absent("jobId"));
    return Call.ask(
        new StoreRequest.Put(tables.jobs(), row(job, state), absent),
        answer ->
            switch (answer) {
              case Answer.Refused(var old) -> met(job, JobItems.read(old.orElseThrow()));
              case Answer.Row _, Answer.Rows _ -> new Submitted.Stored(job);
            });
  }

  private static Submitted met(Job ours, Job there) {
    if (there.run().equals(ours.run())) {
      return new Submitted.Stored(there);
    }
    return there.hash().equals(ours.hash())
        ? new Submitted.Duplicate(there)
        : new Submitted.Clash(there);
  }

  private static Item row(Job job, State state) {
    var row = new Item.Builder().putAll(JobItems.write(job));
    return (state.step().has(Rule.STARTS) ? row.put("start", "1") : row).build();
  }

  private Job job(NewJob request, State state, long now, Optional<RunInput> content) {
    var terms = request.terms(now, state.step() == Step.OVERRUN);
    var dueAt = terms.byDeadline(terms.notBefore().orElse(now + limits.dueAfter().toMillis()));
    return new Job(
        request.id(),
        request.run(),
        new Caller(request.caller().tenant(), request.caller().user(), Set.of()),
        request.requestId(),
        request.action(),
        request.hash(),
        request.traceparent(),
        now,
        terms,
        state.step().to(),
        state.epoch(),
        1,
        state.claim(),
        state.leaseUntil(),
        state.percentage(),
        state.message(),
        0,
        0,
        request.route(),
        Map.of(),
        Optional.empty(),
        Optional.of(dueAt),
        Marks.NONE,
        0,
        content,
        Optional.empty(),
        Optional.empty());
  }
}
