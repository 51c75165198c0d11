package io.streamer.gateway.action;

import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.job.Declared;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Instant;
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
    shared
        .accept(vertx, call.caller())
        .compose(_ -> admit(call, shared))
        .otherwise(thrown -> new ActionReply.Failed(problem(shared.declared(), thrown)))
        .onComplete(reply -> message.reply(reply.result()));
  }

  private Future<ActionReply> admit(ActionCall call, Admission shared) {
    if (!shared.enter()) {
      return Future.succeededFuture(shared.full());
    }
    return run(call, shared.declared())
        .onComplete(_ -> shared.leave())
        .map(ActionReply.Answered::new);
  }

  private Future<RawJson> run(ActionCall call, Declared declared) {
    var timeout = declared.timeout();
    var answer = Promise.<O>promise();
    try {
      @SuppressWarnings("unchecked") // the binder made it of the type that I stands for
      var request = (I) Payloads.bind(call.payload(), declared.request());
      var handled = handle(request, call.start(Instant.now().plus(timeout)));
      long timer =
          vertx.setTimer(
              timeout.toMillis(),
              _ -> {
                call.timeOut();
                answer.tryFail(new TookTooLong());
              });
      handled.onComplete(result -> {
        vertx.cancelTimer(timer);
        if (result.succeeded()) {
          answer.tryComplete(result.result());
        } else {
          answer.tryFail(result.cause());
        }
      });
    } catch (Throwable thrown) {
      // an Error, too: whoever asked waits for an answer
      answer.tryFail(thrown);
    }
    return answer.future().map(Payloads::result);
  }

  /** Told apart from a TimeoutException of the action's own. */
  private static final class TookTooLong extends Exception {
    private static final long serialVersionUID = 1L;

    TookTooLong() {
      super("", null, false, false);
    }
  }

  private static Problem problem(Declared declared, Throwable thrown) {
    return thrown instanceof TookTooLong
        ? Problem.of(
            ErrorCode.TIMEOUT,
            declared.action() + " took longer than " + declared.timeout().toMillis() + " ms")
        : Failures.problem(declared.action(), thrown);
  }
}
