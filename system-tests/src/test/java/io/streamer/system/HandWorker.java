package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.handler.RawJson;
import io.streamer.local.stage.Stage;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Event;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.Said;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.Tables;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Takes the place of a stage's workers: each step of a job, and each frame that is sent, happens
 * when the test says so.
 */
final class HandWorker implements AutoCloseable {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Stage stage;
  private final DynamoDbClient dynamo;
  private final JobCalls jobs;
  private final RunCalls runs;

  HandWorker(Stage stage) {
    this.stage = stage;
    dynamo = LocalAws.dynamo(stage.dynamo());
    var tables = new Tables(stage.tablePrefix());
    var limits = new JobLimits(HOUR, HOUR, HOUR);
    jobs = new JobCalls(tables, limits, InstantSource.system());
    runs = new RunCalls(tables, limits, InstantSource.system());
    stage.lambda().register("streamer-job", (in, _, _) -> in.readAllBytes());
  }

  Job find(String jobId) {
    return run(jobs.find(new JobId(jobId))).orElseThrow();
  }

  /** The job as its holder has it. */
  Job claim(String jobId) {
    return switch (run(jobs.claim(new JobId(jobId), find(jobId).epoch(), nonce()))) {
      case Claim.Claimed(var job) -> job;
      case Claim.Taken _ -> throw new AssertionError(jobId + " is taken");
    };
  }

  /** Stores an event or a rewind; it is not sent. */
  Job emit(Job job, Replayed event) {
    var said = new Said(new Report(1, ""), event.seq(), Map.of());
    return still(run(runs.append(job, List.of(event), said, nonce())));
  }

  /** The n-th frame of the epoch. */
  static Event event(Job job, int n) {
    return event(job, n, "{\"n\":" + n + "}");
  }

  static Event event(Job job, int n, String data) {
    return new Event(
        job.requestId(), job.id().value(), job.firstSeq() + n, "row", RawJson.of(data));
  }

  /** Ends the job with the n-th frame of its epoch; nobody is told. */
  Job succeed(Job job, int n) {
    return succeed(job, n, "{\"done\":true}");
  }

  /** Ends the job with a result of one's own. */
  Job succeed(Job job, int n, String result) {
    var outcome = new Outcome.Succeeded(RawJson.of(result));
    var seq = job.firstSeq() + n;
    return still(run(jobs.finish(job, outcome, new Report(50, ""), seq, Map.of(), nonce())));
  }

  /** Sends a frame to the job's owner. */
  Pushed push(Job job, ServerFrame frame) throws Exception {
    var bytes = WireCodec.write(frame, System.currentTimeMillis());
    return stage
        .gateway()
        .connections()
        .send(find(job.id().value()).route().orElseThrow().connection(), bytes)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  /** Sends the frame that ends the job to its owner. */
  Pushed pushEnd(Job ended) throws Exception {
    var result = ended.result().<ServerFrame.Result>map(ServerFrame.Result.Inline::new);
    return push(ended, ended.terminalFrame(Optional.of(result.orElseThrow())).orElseThrow());
  }

  private static Job still(Kept kept) {
    assertThat(kept).isInstanceOf(Kept.Still.class);
    return ((Kept.Still) kept).job();
  }

  private <T> T run(Call<T> call) {
    return call.run(request -> SdkRequests.send(dynamo, request));
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void close() {
    dynamo.close();
  }
}
