package io.streamer.test;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.action.Definition;
import io.streamer.shared.action.Stopped;
import io.streamer.test.Plan.Moment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, on a thread of its own: a platform thread for a job, a virtual one on the
 * spot.
 *
 * @param timeout when it is interrupted
 * @param grace how long it may take to heed that
 */
record HandlerCall(Definition definition, Duration timeout, Duration grace) {

  Outcome make(Object request, RecordedRun run, Plan plan) throws InterruptedException {
    var result = new AtomicReference<@Nullable RawJson>();
    var thrown = new AtomicReference<@Nullable Throwable>();
    var threads = run.stores() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    var thread =
        threads
            .name(definition.action())
            .unstarted(() -> {
              Thread.currentThread().setContextClassLoader(definition.loader());
              try {
                result.set(definition.call(request, run));
              } catch (Throwable e) {
                thrown.set(e);
              } finally {
                run.ends();
              }
            });
    run.begins(thread);
    thread.start();
    if (!run.awaitTurn(timeout(plan))) {
      if (!(plan.moment() instanceof Moment.After)) {
        run.timeOut();
        return new Outcome.TimedOut(timeout, thread.join(grace));
      }
      run.stop();
    }
    var ended = thread.join(grace);
    if (run.crashed()) {
      return new Outcome.Crashed();
    }
    if (thrown.get() instanceof Error error && !ours(error)) {
      // an assertion in a fake is the test's own
      throw error;
    }
    return run.cancelled() ? new Outcome.Cancelled(ended) : outcome(result.get(), thrown.get());
  }

  private static boolean ours(Error error) {
    return error instanceof Stopped || BoundedRun.isOutOfTime(error);
  }

  private Duration timeout(Plan plan) {
    return plan.moment() instanceof Moment.After(var time) ? time : timeout;
  }

  private static Outcome outcome(@Nullable RawJson result, @Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> new Outcome.Completed(result == null ? RawJson.NULL : result);
      case Failure failure ->
          switch (failure.kind()) {
            case REFUSED -> new Outcome.Refused(failure.reason(), failure.getMessage());
            case FORBIDDEN -> new Outcome.Forbidden(failure.getMessage());
            case TRY_AGAIN ->
                new Outcome.TryAgain(failure.reason(), failure.getMessage(), failure.after());
          };
      case Exception exception -> new Outcome.Failed(exception);
      case Error _ -> new Outcome.OutOfTime();
      default -> throw new AssertionError("neither exception nor error", thrown);
    };
  }
}
