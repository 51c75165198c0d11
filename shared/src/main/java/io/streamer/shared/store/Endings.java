package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;

/** What a row gets with its job's end. */
public record Endings(JobLimits limits) {

  /** When a job that ends now goes; epoch seconds. */
  public long expiresAt(long now) {
    return now / 1_000 + limits.retention().toSeconds();
  }

  public long endedAt(Job ended) {
    return (ended.expiresAt() - limits.retention().toSeconds()) * 1_000;
  }

  /** An end that is no success, by the job's holder. */
  public Item failed(Step step, Job job, Problem problem, Said said, long now) {
    // 100 says that the result is there
    var percentage = said.last().percentage() < 100 ? said.last().percentage() : job.percentage();
    var set = failed(step, problem, said.seq(), now);
    view(set, new Report(percentage, said.last().message()), said);
    return set.build();
  }

  /** An end that is no success, by somebody who does not hold the job. */
  public Item.Builder failed(Step step, Problem problem, long seq, long now) {
    var set =
        new Item.Builder()
            .put("seq", seq)
            .put("error", JobItems.write(problem))
            .put(Tables.TTL, expiresAt(now));
    return step.to() == JobStatus.FAILED ? set.put("deadAt", now) : set;
  }

  /** How far the job is, as its watchers see it. */
  public static void view(Item.Builder set, Report report, Said said) {
    set.put("percentage", Value.of(report.percentage())).put("message", report.message());
    if (!said.annotations().isEmpty()) {
      set.put("annotations", Value.of(said.annotations()));
    }
  }
}
