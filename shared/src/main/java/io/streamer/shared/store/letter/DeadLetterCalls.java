package io.streamer.shared.store.letter;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.JobWrites;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.store.row.JobMarks;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Page;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs that failed, and have not been done again. */
public final class DeadLetterCalls {
  private static final int RUN_CHARS = 8;

  private final Tables tables;
  private final Pages pages;
  private final JobCalls jobs;
  private final JobWrites writes;

  public DeadLetterCalls(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.pages = new Pages(tables.jobs(), "jobId", "deadAt");
    this.jobs = new JobCalls(tables, limits, clock);
    this.writes = new JobWrites(tables);
  }

  /**
   * A tenant's failed jobs, the newest first. One of a moment ago may be missing.
   *
   * @param limit cut to 1 to 100
   * @throws IllegalArgumentException if the cursor is none of ours
   */
  public Call<Page<DeadLetter>> list(String tenant, int limit, Optional<String> cursor) {
    return pages
        .page(Tables.DEAD, "tenant", tenant, limit, cursor)
        .map(page -> new Page<>(page.items().stream().map(DeadLetter::read).toList(), page.next()));
  }

  /** Any job, and when it failed. */
  public Call<Optional<DeadLetter>> find(JobId id) {
    return id.wellFormed()
        ? Call.ask(
            new StoreRequest.Get(tables.jobs(), JobItems.key(id), true),
            answer -> answer.item().map(DeadLetter::read))
        : Call.done(Optional.empty());
  }

  /**
   * Does a failed job again, as a new one of the same user with the same content. The old one stays
   * as it ended, names the new one and is not listed any more. However often and from wherever this
   * is called, there is one new job.
   *
   * @param run a fresh UUID
   * @throws IllegalStateException when executed, if the job's data is gone
   */
  public Call<Redriven> redrive(Job failed, String run) {
    if (failed.status() != JobStatus.FAILED) {
      return Call.done(new Redriven.NotFailed());
    }
    return jobs.content(failed)
        .then(content -> jobs.submit(again(failed, content, run)))
        .then(submitted -> replaced(failed, submitted.job()));
  }

  private Call<Redriven> replaced(Job failed, Job again) {
    var conditions =
        List.of(
            new Condition.Equal("run", Value.of(failed.run())),
            JobWrites.from(Set.of(JobStatus.FAILED)));
    var set = Map.of(JobMarks.REDRIVEN_BY, Value.of(again.id().value()));
    // if the old one has gone by now, nobody asks what became of it
    return Call.ask(
        writes.mark(failed.id(), set, Map.of(), Set.of("deadAt"), conditions),
        _ -> new Redriven.Again(again));
  }

  private static NewJob again(Job failed, RunInput content, String run) {
    var caller =
        new Caller(failed.caller().tenant(), failed.caller().user(), content.permissions());
    return new NewJob(
        run,
        caller,
        // of the failed job's run: an id used again fails on its own account
        "redrive-" + failed.id() + "-" + failed.run().substring(0, RUN_CHARS),
        failed.action(),
        content.payload(),
        content.metadata(),
        failed.traceparent(),
        Optional.empty(),
        new Options(failed.terms().priority(), 0, null, false),
        Optional.of(failed.id()));
  }
}
