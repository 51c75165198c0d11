package io.streamer.gateway.action;

import io.streamer.gateway.action.Ticket.Verdict;
import io.streamer.shared.action.Definition;
import io.streamer.shared.trace.SpanName;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;

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
  private final ActionPlaces places;

  ActionVerticle(
      Definition definition, ActionPlaces places, InstantSource clock, Carriers carriers) {
    this.definition = definition;
    this.places = places;
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
    flight.reply(run(flight));
  }

  private ActionReply run(Flight flight) {
    try {
      return answer(flight);
    } catch (Throwable thrown) {
      // an Error of a handler's (a deep recursion, say) is its own, not the gateway's; and behind
      // the timer's answer, or a cancel, nobody asks what became of it
      return flight.call().over()
          ? Flight.timedOut(definition.action(), definition.timeout())
          : new ActionReply.Failed(Failures.problem(flight.about(), definition.action(), thrown));
    }
  }

  private ActionReply answer(Flight flight) throws Exception {
    var call = flight.call();
    definition.accept(call.caller());
    var request = definition.bind(call.payload());
    if (definition.estimate(request).compareTo(call.threshold()) > 0) {
      return new ActionReply.Queue();
    }
    // here, behind the estimate: what becomes a job takes no place
    if (!places.enter()) {
      var verdict = await(flight);
      if (verdict != Verdict.SERVED) {
        return places.refusal(verdict);
      }
    }
    try {
      return answer(call, request, flight.timeLeft());
    } finally {
      places.leave();
    }
  }

  /** Whoever ends the call interrupts this thread, which then waits no longer. */
  private Verdict await(Flight flight) throws InterruptedException, ExecutionException {
    var verdict = new CompletableFuture<Verdict>();
    var ticket = flight.ticket(places, verdict::complete);
    places.await(ticket, flight.waiting());
    try {
      return verdict.get();
    } catch (InterruptedException e) {
      if (!ticket.withdraw() && verdict.join() == Verdict.SERVED) {
        places.leave();
      }
      throw e;
    }
  }

  private ActionReply answer(ActionCall call, Object request, Duration left) throws Exception {
    var entered = carriers.entered(definition.action());
    var handling = call.traced().span().child(SpanName.HANDLE, definition.action());
    try (var _ = handling.current()) {
      var run = call.start(clock.instant().plus(left), handling);
      return new ActionReply.Answered(definition.call(request, run));
    } catch (Throwable thrown) {
      handling.failed(thrown.getClass().getName());
      throw thrown;
    } finally {
      handling.end();
      carriers.left(entered);
    }
  }
}
