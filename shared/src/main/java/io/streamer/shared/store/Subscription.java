package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import java.util.Set;

/**
 * A connection's wish to get a topic's frames.
 *
 * @param topic see {@link SubscriptionCalls#topic}
 * @param caller whose connection it is; its permissions are not kept
 * @param frames of a job: which kinds
 */
public record Subscription(String topic, Route route, Caller caller, Set<Kind> frames) {
  public Subscription {
    frames = Set.copyOf(frames);
  }
}
