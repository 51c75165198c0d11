package io.streamer.cli;

import java.lang.reflect.Proxy;

/**
 * Takes Ctrl-C over while a command can still choose what becomes of its job, and gives it back.
 *
 * <p>By {@code sun.misc.Signal} (module jdk.unsupported) and by reflection, since javac's warning
 * about it cannot be suppressed.
 */
final class Interrupts implements AutoCloseable {
  private final Object before;

  Interrupts(Runnable action) {
    try {
      var handler = Class.forName("sun.misc.SignalHandler");
      before =
          handle(
              Proxy.newProxyInstance(
                  handler.getClassLoader(),
                  new Class<?>[] {handler},
                  (_, _, _) -> {
                    action.run();
                    return null;
                  }));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no module jdk.unsupported", e);
    }
  }

  private static Object handle(Object handler) throws ReflectiveOperationException {
    var signal = Class.forName("sun.misc.Signal");
    var interrupt = signal.getConstructor(String.class).newInstance("INT");
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, interrupt, handler);
  }

  @Override
  public void close() {
    try {
      var _ = handle(before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
