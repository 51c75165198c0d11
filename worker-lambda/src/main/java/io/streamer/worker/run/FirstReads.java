package io.streamer.worker.run;

import io.streamer.shared.hold.Pauses;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.worker.time.InvocationTime;
import io.streamer.worker.time.Time;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be read of a claimed job before its handler is called. A claim that was left to
 * itself would use up an attempt: the job is held meanwhile, or handed back.
 */
final class FirstReads {
  private static final Logger log = LoggerFactory.getLogger(FirstReads.class);
  private static final Pauses PAUSES = new Pauses(200, 2_000);

  /** Long enough for a throttled table; what is longer should not cost an invocation's time. */
  private static final long PATIENCE_MS = 60_000;

  /** Of the handler's time: it is to have most of it. */
  private static final int SHARE = 4;

  private final Outbox outbox;
  private final Time time;
  private final long untilMs;

  FirstReads(Outbox outbox, Time time, InvocationTime invocation) {
    this.outbox = outbox;
    this.time = time;
    var now = time.millis();
    this.untilMs = now + Math.min(PATIENCE_MS, (invocation.handlerEndsAt() - now) / SHARE);
  }

  /**
   * Reads until the store answers.
   *
   * @return empty if it took too long, the job is to stop, or is somebody else's
   */
  <T> Optional<T> read(Supplier<T> reads) throws InterruptedException {
    for (long pause = PAUSES.firstMs(); ; pause = PAUSES.after(pause)) {
      try {
        return Optional.of(reads.get());
      } catch (StoreUnavailableException e) {
        outbox
            .job()
            .about()
            .in(log.atWarn())
            .log("job {}: it cannot begin yet: {}", outbox.job().id(), e.getMessage());
      }
      time.pause(Math.min(time.millis() + pause, untilMs));
      if (time.millis() >= untilMs || !hold()) {
        return Optional.empty();
      }
    }
  }

  /** Whether the job is still ours, and wanted. */
  private boolean hold() {
    return outbox.hold() && !outbox.cancelled();
  }
}
