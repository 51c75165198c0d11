package io.streamer.gateway.action;

import io.streamer.handler.Action;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.settings.Durations;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An action for those who want Vert.x itself: it runs in the gateway alone, on the thread of its
 * deployment (an event loop unless the options say otherwise), so it must not block there. Its
 * class carries {@link Action}.
 *
 * @param <I> the payload, as for {@link io.streamer.handler.Handler}
 * @param <O> the result
 */
public abstract class VertxAction<I, O> extends VerticleBase {

  /** Does the work; a failed future counts as a thrown exception. */
  protected abstract Future<O> handle(I request, Run run);

  @Override
  public Future<?> start() throws Exception {
    return vertx
        .eventBus()
        .<ActionCall>localConsumer(Actions.address(action().value()), this::take)
        .completion();
  }

  final Action action() {
    var action = getClass().getAnnotation(Action.class);
    if (action == null) {
      throw new IllegalArgumentException(getClass().getName() + " has no @Action");
    }
    return action;
  }

  private void take(Message<ActionCall> message) {
    var call = message.body();
    var action = action();
    var timeout = Durations.parse(action.timeout());
    Future<O> handled;
    try {
      @SuppressWarnings("unchecked") // the binder made it of the type that I stands for
      var request = (I) Payloads.bind(call.payload(), requestType());
      call.started();
      handled = handle(request, call.run(Instant.now().plus(timeout)));
    } catch (InvalidPayload | RuntimeException thrown) {
      handled = Future.failedFuture(thrown);
    }
    handled
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .<RawJson>map(Payloads::result)
        .<ActionReply>map(ActionReply.Answered::new)
        .otherwise(thrown -> new ActionReply.Failed(problem(action, thrown)))
        .onSuccess(message::reply);
  }

  private static Problem problem(Action action, Throwable thrown) {
    return thrown instanceof TimeoutException
        ? Problem.of(ErrorCode.TIMEOUT, action.value() + " took longer than " + action.timeout())
        : Failures.problem(action.value(), thrown);
  }

  private Type requestType() {
    for (Class<?> type = getClass(); type != null; type = type.getSuperclass()) {
      if (type.getGenericSuperclass() instanceof ParameterizedType generic
          && generic.getRawType() == VertxAction.class) {
        return generic.getActualTypeArguments()[0];
      }
    }
    throw new IllegalArgumentException(getClass().getName() + " must name its request's type");
  }
}
