package io.streamer.handler;

/**
 * Where a jar tells which handlers it has. Its class name is the one line in {@code
 * META-INF/services/io.streamer.handler.HandlerModule}.
 */
@FunctionalInterface
public interface HandlerModule {

  /** Called once in each process, the gateway's and the worker's. */
  void register(Handlers handlers, Config config);
}
