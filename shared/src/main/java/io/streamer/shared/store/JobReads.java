package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Result;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The reads behind {@link JobCalls}. */
final class JobReads {
  /**
   * A payload costs as much as it is large each time. Half the margin, without the division of the
   * JDK's: that begins with BigDecimal's powers, which a worker's start would wait for.
   */
  private static final Duration STAYS_ON =
      Duration.ofSeconds(Submissions.DATA_MARGIN.toSeconds() / 2);

  private final Tables tables;

  JobReads(Tables tables) {
    this.tables = tables;
  }

  /**
   * What a job runs on.
   *
   * @param expiresAt when its data may go, if it were written now; epoch seconds
   */
  Call<RunInput> content(Job job, long expiresAt) {
    if (job.content().isPresent()) {
      return Call.done(job.content().get());
    }
    var key = JobItems.dataKey(job, JobItems.PAYLOAD_PART);
    return Call.ask(new StoreRequest.Get(tables.jobData(), key, true), Answer::item)
        .then(item -> {
          var content =
              item.flatMap(JobItems::readContent)
                  .orElseThrow(
                      () -> new IllegalStateException("job " + job.id() + " has lost its payload"));
          var stays =
              item.flatMap(data -> data.findWhole(Tables.TTL))
                  .filter(until -> until < expiresAt - STAYS_ON.toSeconds());
          return stays.isPresent()
              ? Call.ask(stayOn(key, expiresAt), _ -> content)
              : Call.done(content);
        });
  }

  private StoreRequest.Update stayOn(Item key, long expiresAt) {
    return new StoreRequest.Update(
        tables.jobData(),
        key,
        Map.of(Tables.TTL, Value.of(expiresAt)),
        Set.of(),
        List.of(new Condition.Present(Tables.TTL)));
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
    var get = new StoreRequest.Get(tables.jobData(), JobItems.dataKey(job, ref), true);
    return Call.ask(
        get,
        answer -> answer.item().flatMap(item -> item.findJson("result")).map(Result.Inline::new));
  }

  Call<Optional<Job>> find(JobId id, boolean consistent) {
    if (!id.wellFormed()) {
      return Call.done(Optional.empty());
    }
    return Call.ask(
        new StoreRequest.Get(tables.jobs(), JobItems.key(id), consistent),
        answer -> answer.item().map(JobItems::read));
  }
}
