package io.streamer.worker.aws;

import io.streamer.shared.table.Call;

/** Executes calls on the caller's thread. */
public final class BlockingDynamo {
  private final BlockingTransport transport;

  public BlockingDynamo(BlockingTransport transport) {
    this.transport = transport;
  }

  /**
   * Makes a call's requests, one after the other, on the thread that asks.
   *
   * @throws io.streamer.shared.table.StoreUnavailableException if the tables are out of reach or
   *     take no more now
   */
  public <T> T execute(Call<T> call) {
    return call.run(transport::send);
  }
}
