package io.streamer.gateway.store;

import io.streamer.gateway.store.StoreListener.Ending;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Tells listeners how the calls of the SDK's client ended. */
public final class SdkEndings implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> BEGUN =
      new ExecutionAttribute<>("io.streamer.begun");
  private static final int SERVERS_FAULT = 500;

  private final List<StoreListener> listeners;

  public SdkEndings(List<StoreListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    attributes.putAttribute(BEGUN, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    over(Ending.ANSWERED, attributes);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    over(
        switch (context.exception()) {
          case ConditionalCheckFailedException _ -> Ending.ANSWERED;
          case AwsServiceException e when e.statusCode() < SERVERS_FAULT -> Ending.REFUSED;
          default -> Ending.UNANSWERED;
        },
        attributes);
  }

  private void over(Ending ending, ExecutionAttributes attributes) {
    var begun = attributes.getAttribute(BEGUN);
    long nanos = begun == null ? 0 : System.nanoTime() - begun;
    for (var listener : listeners) {
      listener.over(ending, nanos);
    }
  }
}
