package io.streamer.gateway.store;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.StoreRequest;
import io.vertx.core.Future;

/** The way of a request to the tables, and of the answer back. Safe for all threads. */
public interface StoreTransport extends AutoCloseable {

  /**
   * Sends one request, several times if that may help; done on the context that asked.
   *
   * @return fails with {@link io.streamer.shared.table.StoreUnavailableException} if the tables are
   *     out of reach or take no more now, with another exception if the request can never work
   */
  Future<Answer> send(StoreRequest request);

  /** Ends it, with whatever is under way. */
  @Override
  void close();
}
