package @package@;

import io.streamer.handler.Handler;
import io.streamer.handler.Run;
import java.util.function.Supplier;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Spring's context of this process: started with the first handler that is needed, so that a worker
 * which runs another jar's action does not wait for it, and closed with the last one.
 */
final class Context {
  private final Supplier<ConfigurableApplicationContext> start;
  private ConfigurableApplicationContext running;
  private int users;

  Context(Supplier<ConfigurableApplicationContext> start) {
    this.start = start;
  }

  /** The bean that handles an action. */
  synchronized <I, O> Handler<I, O> handler(Class<? extends Handler<I, O>> type) {
    if (running == null) {
      running = start.get();
    }
    var handler = running.getBean(type);
    users++;
    return new Bean<>(handler, this::leave);
  }

  private synchronized void leave() {
    users--;
    if (users == 0) {
      running.close();
      running = null;
    }
  }

  /** Is closed with its process, or when {@code dev} has replaced it. */
  private record Bean<I, O>(Handler<I, O> handler, Runnable leave)
      implements Handler<I, O>, AutoCloseable {
    @Override
    public O handle(I request, Run run) throws Exception {
      return handler.handle(request, run);
    }

    @Override
    public void close() {
      leave.run();
    }
  }
}
