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
  private final Carriers carriers;
  private final AtomicInteger running = new AtomicInteger();
  private @Nullable MessageConsumer<ActionCall> consumer;

  ActionVerticle(Definition definition, String address, InstantSource clock, Carriers carriers) {
    this.definition = definition;
    this.address = address;
    this.clock = clock;
    this.carriers = carriers;
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
    var call = message.body();
    var replied = new AtomicBoolean();
    long timer =
        vertx.setTimer(
            definition.timeout().toMillis(),
            _ -> {
              if (replied.compareAndSet(false, true)) {
                call.timeOut();
                message.reply(timedOut());
              }
            });
    Thread.ofVirtual()
        .name("action-" + definition.action())
        .start(() -> {
          Thread.currentThread().setContextClassLoader(definition.loader());
          call.on(Thread.currentThread());
          var reply = run(call);
          vertx.cancelTimer(timer);
          if (replied.compareAndSet(false, true)) {
            message.reply(reply);
          }
        });
  }

  private ActionReply run(ActionCall call) {
    try {
      return answer(call);
    } catch (Throwable thrown) {
      // an Error of a handler's (a deep recursion, say) is its own, not the gateway's; and behind
      // the timer's answer, or a cancel, nobody asks what became of it
      return call.over()
          ? timedOut()
          : new ActionReply.Failed(Failures.problem(definition.action(), thrown));
    }
  }

  private ActionReply answer(ActionCall call) throws Exception {
    definition.accept(call.caller());
    var request = definition.bind(call.payload());
    if (definition.estimate(request).compareTo(call.threshold()) > 0) {
      return new ActionReply.Queue();
    }
    // here, behind the estimate: what becomes a job takes no place
    if (running.incrementAndGet() > definition.concurrency()) {
      running.decrementAndGet();
      return Admission.full(definition.action());
    }
    var entered = carriers.entered(definition.action());
    try {
      var run = call.start(clock.instant().plus(definition.timeout()));
      return new ActionReply.Answered(definition.call(request, run));
    } finally {
      carriers.left(entered);
      running.decrementAndGet();
    }
  }

  private ActionReply timedOut() {
    return new ActionReply.Failed(
        Problem.of(
            ErrorCode.TIMEOUT,
            definition.action() + " took longer than " + definition.timeout().toMillis() + " ms"));
  }
}
