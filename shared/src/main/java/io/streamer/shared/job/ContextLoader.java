package io.streamer.shared.job;

/** Lets user code see its own class path as the context: libraries look their services up in it. */
final class ContextLoader {
  private ContextLoader() {}

  static void run(ClassLoader loader, Runnable code) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      code.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
