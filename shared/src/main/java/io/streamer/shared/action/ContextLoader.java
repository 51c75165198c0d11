package io.streamer.shared.action;

/** Lets user code see its own class path as the context: libraries look their services up in it. */
public final class ContextLoader {
  private ContextLoader() {}

  /** Something of the user's. */
  @FunctionalInterface
  public interface Code<E extends Exception> {
    void run() throws E;
  }

  /** Something of the user's, with a result. */
  @FunctionalInterface
  public interface Giving<T, E extends Exception> {
    T run() throws E;
  }

  public static <E extends Exception> void run(ClassLoader loader, Code<E> code) throws E {
    var _ =
        get(
            loader,
            () -> {
              code.run();
              return "";
            });
  }

  public static <T, E extends Exception> T get(ClassLoader loader, Giving<T, E> code) throws E {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return code.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
