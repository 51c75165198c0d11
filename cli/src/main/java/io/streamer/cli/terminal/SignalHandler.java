package io.streamer.cli.terminal;

import java.lang.reflect.Proxy;

/**
 * Takes a signal over while a command has its own answer to it, and gives it back.
 *
 * <p>By {@code sun.misc.Signal} (module jdk.unsupported) and by reflection, since javac's warning
 * about it cannot be suppressed.
 */
public final class SignalHandler implements AutoCloseable {
  private final String name;
  private final Object before;

  /**
   * Takes it over.
   *
   * @param name without SIG, such as {@code INT}
   */
  public SignalHandler(String name, Runnable action) {
    this.name = name;
    try {
      var handler = Class.forName("sun.misc.SignalHandler");
      before =
          handle(
              name,
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

  private static Object handle(String name, Object handler) throws ReflectiveOperationException {
    var signal = Class.forName("sun.misc.Signal");
    var taken = signal.getConstructor(String.class).newInstance(name);
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, taken, handler);
  }

  @Override
  public void close() {
    try {
      var _ = handle(name, before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
