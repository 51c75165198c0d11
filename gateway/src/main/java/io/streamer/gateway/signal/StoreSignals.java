package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.streamer.shared.signal.Metric;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Counts what DynamoDB answers. A condition that does not hold is an answer like any other. */
public final class StoreSignals implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> BEGUN =
      new ExecutionAttribute<>("io.streamer.begun");

  private final Counter ok;
  private final Counter unavailable;
  private final Timer time;

  public StoreSignals(Meters meters) {
    this.ok = meters.counter(Metric.STORE_CALLS, "ok");
    this.unavailable = meters.counter(Metric.STORE_CALLS, "unavailable");
    this.time = meters.timer(Metric.STORE_TIME);
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    attributes.putAttribute(BEGUN, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    over(ok, attributes);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    var thrown = context.exception();
    var answered =
        thrown instanceof ConditionalCheckFailedException
            || thrown instanceof TransactionCanceledException;
    over(answered ? ok : unavailable, attributes);
  }

  private void over(Counter outcome, ExecutionAttributes attributes) {
    outcome.increment();
    var begun = attributes.getAttribute(BEGUN);
    if (begun != null) {
      time.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
  }
}
