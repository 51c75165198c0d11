package io.streamer.gateway.action;

import io.streamer.gateway.action.Ticket.Verdict;
import io.streamer.gateway.loop.HandOver;
import io.streamer.handler.Run;
import io.streamer.shared.payload.Payloads;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.Objects;
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
  private @Nullable Instances instances;

  /** Does the work; a failed future counts as a thrown exception. */
  protected abstract Future<O> handle(I request, Run run);

  /** Called before it is deployed. */
  final void admitBy(Admission shared, Instances others) {
    admission = shared;
    instances = others;
  }

  @Override
  public Future<?> start() throws Exception {
    var others = instances;
    if (others == null) {
      throw new IllegalStateException(
          getClass().getName() + " is deployed by Gateway.deploy or by its service file");
    }
    others.add(this, (ContextInternal) context);
    return Future.succeededFuture();
  }

  /** Takes a call, on this instance's context. */
  final void take(Flight flight) {
    var shared = Objects.requireNonNull(admission);
    try {
      if (shared.asksNobody()) {
        admit(flight, shared);
      } else {
        shared
            .accept(vertx, flight.call())
            .<Void>map(_ -> {
              admit(flight, shared);
              return null;
            })
            .onFailure(thrown -> fail(flight, shared, thrown));
      }
    } catch (Throwable thrown) {
      // an Error, too: whoever asked waits for an answer
      fail(flight, shared, thrown);
    }
  }

  private void admit(Flight flight, Admission shared) {
    var places = shared.places();
    if (places.enter()) {
      run(flight, shared);
      return;
    }
    var ticket =
        flight.ticket(
            places,
            verdict -> {
              // behind what is done now: one that ends at once would serve the next, and so on
              var told = HandOver.to(context, () -> admitted(flight, shared, verdict));
              if (!told && verdict == Verdict.SERVED) {
                places.leave();
              }
            });
    places.await(ticket, flight.waiting());
  }

  private void admitted(Flight flight, Admission shared, Verdict verdict) {
    if (verdict == Verdict.SERVED) {
      run(flight, shared);
    } else {
      flight.reply(shared.places().refusal(verdict));
    }
  }

  private void run(Flight flight, Admission shared) {
    flight.holds(shared.places());
    try {
      var call = flight.call();
      var declared = shared.declared();
      @SuppressWarnings("unchecked") // the binder made it of the type that I stands for
      var request = (I) Payloads.bind(call.payload(), declared.request());
      var run = call.start(Instant.now().plus(flight.timeLeft()));
      handle(request, run).onComplete(result -> answer(flight, shared, result));
    } catch (Throwable thrown) {
      // an Error, too: whoever asked waits for an answer
      flight.givePlaceBack();
      fail(flight, shared, thrown);
    }
  }

  private void answer(Flight flight, Admission shared, AsyncResult<O> result) {
    // on the way back it keeps nobody out
    flight.givePlaceBack();
    if (result.failed()) {
      fail(flight, shared, result.cause());
      return;
    }
    ActionReply reply;
    try {
      reply = new ActionReply.Answered(Payloads.result(result.result()));
    } catch (Throwable thrown) {
      fail(flight, shared, thrown);
      return;
    }
    flight.reply(reply);
  }

  private void fail(Flight flight, Admission shared, Throwable thrown) {
    if (flight.call().over()) {
      // nobody asks what became of it
      flight.reply(Flight.timedOut(shared.declared().action(), shared.declared().timeout()));
      return;
    }
    flight.reply(
        new ActionReply.Failed(
            Failures.problem(flight.about(), shared.declared().action(), thrown)));
  }
}
