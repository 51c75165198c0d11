package io.streamer.worker.run;

import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Result;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.worker.time.Time;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what became of a job, once it is stored. */
final class EndTeller {
  private static final Logger log = LoggerFactory.getLogger(EndTeller.class);

  private final Courier courier;
  private final Store store;
  private final Results results;
  private final Consumer<Job> left;
  private final Time time;
  private Told told = Told.NOBODY;

  /**
   * Goes where the courier goes.
   *
   * @param left takes the job as it is stored
   */
  EndTeller(Courier courier, Store store, Results results, Consumer<Job> left, Time time) {
    this.courier = courier;
    this.store = store;
    this.results = results;
    this.left = left;
    this.time = time;
  }

  /**
   * Tells an end to all who watch, behind what waits for them; then nobody has to look after the
   * job any more. A job that is to go on is its next holder's to speak of.
   *
   * @param result of a success
   * @param until when to leave the rest to others, epoch ms
   */
  void tell(Job job, Optional<Result> result, long until) throws InterruptedException {
    left.accept(job);
    if (!job.status().terminal()) {
      return;
    }
    try {
      courier.recipients().tell(last(job, result));
    } catch (IOException e) {
      job.about()
          .in(log.atError())
          .setCause(e)
          .log("job {}: its end is stored and cannot be told from here", job.id());
      return;
    }
    var endedAt = time.millis();
    var all = courier.finish(until);
    told = told(endedAt);
    if (!all) {
      job.about()
          .in(log.atWarn())
          .log("job {}: its end is stored and could not be pushed", job.id());
      return;
    }
    if (!courier.dismiss(until)) {
      return;
    }
    try {
      store.execute(store.jobs().delivered(job));
    } catch (StoreUnavailableException e) {
      job.about()
          .in(log.atWarn())
          .log("job {}: delivered, and stays due: {}", job.id(), e.getMessage());
    }
  }

  /** How the owner was told. */
  Told told() {
    return told;
  }

  private Told told(long endedAt) {
    var recipients = courier.recipients();
    var at = recipients.ownerToldAt();
    return new Told(
        recipients.ownerIsThere(),
        at.isPresent()
            ? OptionalLong.of(Math.max(0, at.getAsLong() - endedAt))
            : OptionalLong.empty());
  }

  private ServerFrame last(Job job, Optional<Result> result) throws IOException {
    var sent =
        result.isPresent()
            ? Optional.of(results.sent(result.get()))
            : Optional.<ServerFrame.Result>empty();
    return job.terminalFrame(sent).orElseThrow();
  }
}
