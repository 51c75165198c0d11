package io.streamer.shared.action;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a run is cancelled, and what its handler wants done then. */
final class Cancellation {
  private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

  private List<Runnable> actions = List.of();
  private boolean cancelled;

  synchronized boolean cancelled() {
    return cancelled;
  }

  void then(Runnable asked) {
    var loader = Thread.currentThread().getContextClassLoader();
    // whoever cancels has a context of its own
    Runnable action = () -> ContextLoader.run(loader, asked::run);
    synchronized (this) {
      if (!cancelled) {
        if (actions.isEmpty()) {
          actions = new ArrayList<>();
        }
        actions.add(action);
        return;
      }
    }
    start(List.of(action));
  }

  void cancel() {
    List<Runnable> due;
    synchronized (this) {
      cancelled = true;
      due = actions;
      actions = List.of();
    }
    start(due);
  }

  /** On a thread of their own: whoever cancels must not wait for what a handler closes. */
  private static void start(List<Runnable> actions) {
    if (!actions.isEmpty()) {
      Thread.ofVirtual().name("on cancel").start(() -> actions.forEach(Cancellation::attempt));
    }
  }

  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      // an Error of the handler's, too: the others still want to be done
      log.warn("what was to be done on cancel failed", e);
    }
  }
}
