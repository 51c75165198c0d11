package io.streamer.shared.store;

import io.streamer.shared.job.Content;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Result;
import java.util.Optional;

/** The reads behind {@link JobCalls}. */
final class JobReads {
  private final Tables tables;

  JobReads(Tables tables) {
    this.tables = tables;
  }

  Call<Content> content(Job job) {
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

  Call<Optional<Result>> result(Job job) {
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

  Call<Optional<Job>> find(JobId id, boolean consistent) {
    if (!id.wellFormed()) {
      return Call.done(Optional.empty());
    }
    return Call.ask(
        new Request.Get(tables.jobs(), JobItems.key(id), consistent),
        answer -> answer.item().map(JobItems::read));
  }
}
