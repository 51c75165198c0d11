package io.streamer.gateway.action;

import io.streamer.shared.job.Definition;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One action. Its consumer starts a virtual thread for each call, where all of the user's code
 * runs: interceptors, the request record's constructor, the estimate, the handler. (A verticle
 * deployed on a virtual thread would take its calls one after another.)
 */
public final class ActionVerticle extends VerticleBase {
  private final Definition definition;
  private final String address;
  private final InstantSource clock;
  private final AtomicInteger running = new AtomicInteger();
  private @Nullable MessageConsumer<ActionCall> consumer;

  ActionVerticle(Definition definition, String address, InstantSource clock) {
    this.definition = definition;
    this.address = address;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    consumer = vertx.eventBus().localConsumer(address, this::take);
    return consumer.completion();
  }

  @Override
  public Future<?> stop() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private void take(Message<ActionCall> message) {
    if (running.incrementAndGet() > definition.concurrency()) {
      running.decrementAndGet();
      message.reply(Admission.full(definition.action()));
      return;
    }
    var call = message.body();
    var replied = new AtomicBoolean();
    var thread = new AtomicReference<@Nullable Thread>();
    long timer =
        vertx.setTimer(
            definition.timeout().toMillis(),
            _ -> {
              if (replied.compareAndSet(false, true)) {
                message.reply(timedOut());
                var late = thread.get();
                if (late != null) {
                  late.interrupt();
                }
              }
            });
    thread.set(
        Thread.ofVirtual()
            .name("action-" + definition.action())
            .start(() -> {
              Thread.currentThread().setContextClassLoader(definition.loader());
              var reply = run(call);
              vertx.cancelTimer(timer);
              if (replied.compareAndSet(false, true)) {
                message.reply(reply);
              }
            }));
  }

  private ActionReply run(ActionCall call) {
    try {
      return answer(call);
    } catch (InterruptedException _) {
      return timedOut();
    } catch (Throwable thrown) {
      // an Error of a handler's (a deep recursion, say) is its own, not the gateway's
      return new ActionReply.Failed(Failures.problem(definition.action(), thrown));
    } finally {
      running.decrementAndGet();
    }
  }

  private ActionReply answer(ActionCall call) throws Exception {
    definition.accept(call.caller());
    var request = definition.bind(call.payload());
    if (definition.estimate(request).compareTo(call.threshold()) > 0) {
      return new ActionReply.Queue();
    }
    call.startedOn(Thread.currentThread());
    var deadline = clock.instant().plus(definition.timeout());
    return new ActionReply.Answered(definition.call(request, call.run(deadline)));
  }

  private ActionReply timedOut() {
    return new ActionReply.Failed(
        Problem.of(
            ErrorCode.TIMEOUT,
            definition.action() + " took longer than " + definition.timeout().toMillis() + " ms"));
  }
}
