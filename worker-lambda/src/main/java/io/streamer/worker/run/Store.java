package io.streamer.worker.run;

import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Tables;
import io.streamer.worker.aws.BlockingDynamo;
import io.streamer.worker.time.Time;
import java.util.UUID;

/** All that a worker asks of the tables. */
public record Store(
    BlockingDynamo dynamo,
    JobCalls jobs,
    RunCalls runs,
    EventCalls events,
    SubscriptionCalls subscriptions) {

  public static Store of(BlockingDynamo dynamo, Tables tables, JobLimits limits, Time time) {
    return new Store(
        dynamo,
        new JobCalls(tables, limits, time),
        new RunCalls(tables, limits, time),
        new EventCalls(tables),
        new SubscriptionCalls(tables, limits, time));
  }

  /**
   * Does it, now.
   *
   * @throws io.streamer.shared.table.StoreUnavailableException if the tables are out of reach or
   *     take no more now
   */
  <T> T execute(Call<T> call) {
    return dynamo.execute(call);
  }

  /** By which a write knows itself again. */
  static String nonce() {
    return UUID.randomUUID().toString();
  }
}
