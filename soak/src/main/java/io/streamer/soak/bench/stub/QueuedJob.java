package io.streamer.soak.bench.stub;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.dynamo.RequestJson;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Submitted;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A queued job that no client follows, which whoever claims it runs. */
public final class QueuedJob {
  private static final String NAME = "bench";

  /** Reads a record, reports once, rests for a second, and writes a record. */
  public static final QueuedJob COUNTING = new QueuedJob("counting", "{\"to\":1,\"everyMs\":1}");

  /** Reads a record and writes one. */
  public static final QueuedJob BOUND = new QueuedJob("bound", "{\"text\":\"job\",\"number\":1}");

  private final NewJob request;

  private QueuedJob(String action, String payload) {
    this.request =
        new NewJob(
            NAME,
            new Caller(NAME, NAME, Set.of()),
            NAME,
            action,
            RawJson.of(payload),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Options.NONE,
            Optional.empty());
  }

  /** The function's event. */
  public String event() {
    return new JsonObject().put("jobId", request.id().value()).put("epoch", 1).encode();
  }

  /** What DynamoDB answers to its claim, and to whatever else its holder writes into its row. */
  public JsonObject claimed() {
    var limits = new JobLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(1));
    var submit = new JobCalls(new Tables(NAME), limits, InstantSource.system()).submit(request);
    var row =
        Buffer.buffer(RequestJson.of(asked(submit)).body())
            .toJsonObject()
            .getJsonObject("Item")
            .put("status", new JsonObject().put("S", JobStatus.RUNNING.name()))
            .put("epoch", new JsonObject().put("N", "2"));
    return new JsonObject().put("Attributes", row);
  }

  private static StoreRequest asked(Call<Submitted> call) {
    if (call instanceof Call.Ask<Submitted>(var put, _)) {
      return put;
    }
    throw new IllegalStateException("a submit writes a row");
  }
}
