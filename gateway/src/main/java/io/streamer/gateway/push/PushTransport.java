package io.streamer.gateway.push;

import io.streamer.shared.push.Host;
import io.streamer.shared.push.PushAnswer;
import io.streamer.shared.push.PushCall;
import io.vertx.core.Context;
import io.vertx.core.Future;

/** How calls get to whoever holds a connection, and answers back. */
public interface PushTransport extends AutoCloseable {
  /**
   * Makes a call, within {@link Host#patience}. What comes after its time is late.
   *
   * @param context that it completes on
   * @return the answer, whatever it says; or failed, by an {@link
   *     io.streamer.shared.push.UnansweredException} if there is none
   */
  Future<PushAnswer> send(Host host, PushCall call, Context context);

  @Override
  void close();
}
