package io.streamer.worker.run;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.job.Job;
import io.streamer.shared.store.Checkpoint;
import java.time.Instant;
import java.util.Optional;

/** A job's run as its handler sees it. */
final class JobRun extends BoundedRun {
  private final Optional<String> traceparent;
  private final String seed;
  private final Handoff handoff;
  private final Steps steps;
  private final Blobs blobs;
  private volatile Optional<RawJson> checkpoint;

  JobRun(
      Job job,
      Optional<String> traceparent,
      Beginning beginning,
      Instant deadline,
      Handoff handoff,
      Steps steps,
      Blobs blobs) {
    super(
        job.requestId(),
        job.attempt(),
        new Caller(job.caller().tenant(), job.caller().user(), beginning.content().permissions()),
        deadline,
        beginning.content().metadata());
    this.traceparent = traceparent;
    this.seed = job.run();
    this.checkpoint = beginning.checkpoint().map(Checkpoint::value);
    this.handoff = handoff;
    this.steps = steps;
    this.blobs = blobs;
  }

  @Override
  public Optional<String> traceparent() {
    return traceparent;
  }

  @Override
  protected void reported(double percentage, String message) {
    handoff.progress(percentage, message);
  }

  @Override
  protected StoredFile store(String name, String contentType, FileWriter writer) throws Exception {
    return blobs.file(caller().tenant(), name, contentType, writer);
  }

  @Override
  protected void emitted(String name, RawJson data) {
    handoff.emissions().emit(name, data);
  }

  @Override
  protected Optional<RawJson> restored() {
    return checkpoint;
  }

  @Override
  protected void reached(RawJson value) {
    if (!handoff.emissions().reach(value)) {
      throw outOfTime();
    }
    checkpoint = Optional.of(value);
  }

  @Override
  protected Optional<RawJson> stepped(String name) {
    return steps.find(name);
  }

  @Override
  protected RawJson keepStep(String name, RawJson result) {
    return steps.keep(name, result);
  }

  @Override
  protected String seed() {
    return seed;
  }
}
