package io.streamer.gateway.action;

import io.streamer.shared.action.Definition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One action. It starts a virtual thread for each call, where all of the user's code runs:
 * interceptors, the request record's constructor, the estimate, the handler. (A verticle deployed
 * on a virtual thread would take its calls one after another.) Calls come to it from any event
 * loop: its own would be the one that all of them wait for.
 */
final class ActionVerticle extends VerticleBase implements Deployed.Target {
  private final Definition definition;
  private final InstantSource clock;
  private final Carriers carriers;
  private final ThreadFactory threads;
  private final AtomicInteger running = new AtomicInteger();

  ActionVerticle(Definition definition, InstantSource clock, Carriers carriers) {
    this.definition = definition;
    this.clock = clock;
    this.carriers = carriers;
    this.threads = Thread.ofVirtual().name("action-" + definition.action()).factory();
  }

  @Override
  public Future<?> start() {
    return Future.succeededFuture();
  }

  @Override
  public void take(Flight flight) {
    threads.newThread(() -> fly(flight)).start();
  }

  private void fly(Flight flight) {
    var thread = Thread.currentThread();
    thread.setContextClassLoader(definition.loader());
    flight.call().on(thread);
    flight.reply(run(flight.call()));
  }

  private ActionReply run(ActionCall call) {
    try {
      return answer(call);
    } catch (Throwable thrown) {
      // an Error of a handler's (a deep recursion, say) is its own, not the gateway's; and behind
      // the timer's answer, or a cancel, nobody asks what became of it
      return call.over()
          ? Flight.timedOut(definition.action(), definition.timeout())
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
}
