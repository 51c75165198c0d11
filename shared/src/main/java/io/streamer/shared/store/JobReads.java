package io.streamer.shared.store;

import io.streamer.shared.job.Content;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Result;
import java.util.Optional;

/** The reads behind {@link JobCalls}. */
final class JobReads {
  private final Tables tables;
  private final Pages pages;

  JobReads(Tables tables) {
    this.tables = tables;
    this.pages = new Pages(tables.jobs(), "jobId", "createdAt");
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

  Call<Page<Job>> byOwner(String owner, int limit, Optional<String> cursor) {
    return pages
        .page(Tables.BY_OWNER, "owner", owner, limit, cursor)
        .map(page -> new Page<>(page.items().stream().map(JobItems::read).toList(), page.next()));
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
