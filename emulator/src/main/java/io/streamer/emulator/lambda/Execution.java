package io.streamer.emulator.lambda;

import io.streamer.emulator.aws.Timekeeper;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One run of a function. It ends once: by its handler, by its timeout or by being killed. The
 * thread of a run that ended otherwise is interrupted and left to itself, because a thread cannot
 * be killed.
 */
final class Execution {
  private final Function function;
  private final String requestId;
  private final Consumer<FunctionResult> whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread thread;
  private final Timekeeper.Timer timeout;

  private Execution(
      Function function,
      String requestId,
      Buffer event,
      int maxBytes,
      Timekeeper time,
      Consumer<FunctionResult> whenEnded) {
    this.function = function;
    this.requestId = requestId;
    this.whenEnded = whenEnded;
    var deadline = time.now().plus(function.settings().timeout());
    var context = new LambdaContext(function.name(), requestId, deadline, time);
    this.thread =
        Thread.ofVirtual()
            .name("lambda-" + function.name())
            .unstarted(() -> end(FunctionResult.of(function.handler(), event, context, maxBytes)));
    this.timeout = time.at(deadline, this::timeOut);
  }

  /**
   * Begins a run.
   *
   * @param whenEnded called once; must not block
   */
  static Execution start(
      Function function,
      String requestId,
      Buffer event,
      int maxBytes,
      Timekeeper time,
      Consumer<FunctionResult> whenEnded) {
    var execution = new Execution(function, requestId, event, maxBytes, time, whenEnded);
    execution.thread.start();
    return execution;
  }

  Function function() {
    return function;
  }

  String requestId() {
    return requestId;
  }

  /** Ends it as if its process had died. */
  void kill() {
    abandon("Runtime.ExitError", "Runtime exited with error: signal: killed");
  }

  private void timeOut() {
    var seconds = function.settings().timeout().toMillis() / 1000.0;
    abandon(
        "Sandbox.Timedout",
        String.format(Locale.ROOT, "Task timed out after %.2f seconds", seconds));
  }

  private void abandon(String type, String message) {
    if (function.handler() instanceof Killable process && !ended.get()) {
      process.killed(requestId);
    }
    if (end(FunctionResult.died(requestId, type, message))) {
      thread.interrupt();
    }
  }

  private boolean end(FunctionResult result) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    timeout.cancel();
    whenEnded.accept(result);
    return true;
  }
}
