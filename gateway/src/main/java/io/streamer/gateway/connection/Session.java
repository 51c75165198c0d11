package io.streamer.gateway.connection;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;

/**
 * A connection of either door, as those see it who answer its frames. Called on the event loop on
 * which the frame came.
 */
public interface Session {
  String id();

  Caller caller();

  /** Where a job's frames reach this connection. */
  Route route();

  /** What this connection is told when it starts. */
  Terms terms();

  /** Sends a frame; a closed connection loses it, as the wire would. */
  void send(ServerFrame frame);

  /**
   * Keeps a job's frames back until {@link #release}, so that an answer can go out first; as far as
   * the door promises an order.
   */
  void hold(String jobId);

  void release(String jobId);
}
