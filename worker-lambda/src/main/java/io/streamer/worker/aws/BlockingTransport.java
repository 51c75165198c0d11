package io.streamer.worker.aws;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.StoreRequest;

/** The way of a request to the tables, and of the answer back. Safe for all threads. */
public interface BlockingTransport extends AutoCloseable {

  /**
   * Sends one request, several times if that may help, and waits.
   *
   * @throws io.streamer.shared.table.StoreUnavailableException if the tables are out of reach or
   *     take no more now, or the thread was interrupted, which it stays
   */
  Answer send(StoreRequest request);

  @Override
  void close();
}
