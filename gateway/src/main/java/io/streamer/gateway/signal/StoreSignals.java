package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.streamer.shared.signal.Metric;
import java.util.concurrent.TimeUnit;

/** Counts what DynamoDB answers. A condition that does not hold is an answer like any other. */
public final class StoreSignals {
  private final Counter ok;
  private final Counter unavailable;
  private final Timer time;

  public StoreSignals(Meters meters) {
    this.ok = meters.counter(Metric.STORE_CALLS, "ok");
    this.unavailable = meters.counter(Metric.STORE_CALLS, "unavailable");
    this.time = meters.timer(Metric.STORE_TIME);
  }

  /** One call is over that took so long. */
  public void over(boolean answered, long nanos) {
    (answered ? ok : unavailable).increment();
    time.record(nanos, TimeUnit.NANOSECONDS);
  }
}
