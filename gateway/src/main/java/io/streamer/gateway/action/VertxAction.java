package io.streamer.gateway.action;

import io.streamer.handler.Run;
import io.streamer.shared.job.Declared;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An action for those who want Vert.x itself: it runs in the gateway alone, on the thread of its
 * deployment (an event loop unless the options say otherwise), so it must not block there, nor may
 * its request's constructor. Its class carries {@link io.streamer.handler.Action}; {@code expected}
 * and {@code attempts} mean nothing to it. Interceptors are asked before it is called, and do not
 * run around it: a future has no around.
 *
 * <p>Classes named in {@code META-INF/services/io.streamer.gateway.action.VertxAction} are deployed
 * at start, others by {@link io.streamer.gateway.Gateway#deploy}.
 *
 * @param <I> the payload, as for {@link io.streamer.handler.Handler}
 * @param <O> the result
 */
public abstract class VertxAction<I, O> extends VerticleBase {
  private @Nullable Admission admission;

  /** Does the work; a failed future counts as a thrown exception. */
  protected abstract Future<O> handle(I request, Run run);

  /** Called before it is deployed. */
  final void admitBy(Admission shared) {
    admission = shared;
  }

  @Override
  public Future<?> start() throws Exception {
    var shared = admission;
    if (shared == null) {
      throw new IllegalStateException(
          getClass().getName() + " is deployed by Gateway.deploy or by its service file");
    }
    return vertx
        .eventBus()
        .<ActionCall>localConsumer(
            Actions.address(shared.declared().action()), message -> take(message, shared))
        .completion();
  }

  private void take(Message<ActionCall> message, Admission shared) {
    var call = message.body();
    if (!shared.enter()) {
      message.reply(shared.full());
      return;
    }
    shared
        .accept(vertx, call.caller())
        .compose(_ -> run(call, shared.declared()))
        .<ActionReply>map(ActionReply.Answered::new)
        .otherwise(thrown -> new ActionReply.Failed(problem(shared.declared(), thrown)))
        .onComplete(reply -> {
          shared.leave();
          message.reply(reply.result());
        });
  }

  private Future<io.streamer.handler.RawJson> run(ActionCall call, Declared declared) {
    var timeout = declared.timeout();
    Future<O> handled;
    try {
      @SuppressWarnings("unchecked") // the binder made it of the type that I stands for
      var request = (I) Payloads.bind(call.payload(), declared.request());
      call.started();
      handled = handle(request, call.run(Instant.now().plus(timeout)));
    } catch (InvalidPayload | RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
    return handled.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).map(Payloads::result);
  }

  private static Problem problem(Declared declared, Throwable thrown) {
    return thrown instanceof TimeoutException
        ? Problem.of(
            ErrorCode.TIMEOUT,
            declared.action() + " took longer than " + declared.timeout().toMillis() + " ms")
        : Failures.problem(declared.action(), thrown);
  }
}
