package io.streamer.worker;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.job.BoundedRun;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A job's run as its handler sees it. */
final class JobRun extends BoundedRun {
  private final Handoff handoff;
  private final Blobs blobs;

  JobRun(
      String id,
      int attempt,
      Caller caller,
      Instant deadline,
      Map<String, String> metadata,
      Handoff handoff,
      Blobs blobs) {
    super(id, attempt, caller, deadline, metadata);
    this.handoff = handoff;
    this.blobs = blobs;
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
    throw unserved("Run.emit");
  }

  @Override
  protected Optional<RawJson> restored() {
    throw unserved("Run.checkpoint");
  }

  @Override
  protected void reached(RawJson checkpoint) {
    throw unserved("Run.checkpoint");
  }

  @Override
  protected Optional<RawJson> stepped(String name) {
    throw unserved("Run.step");
  }

  private static UnsupportedOperationException unserved(String what) {
    return new UnsupportedOperationException(what + " is not served by this version's worker");
  }
}
