package io.streamer.system;

import io.streamer.shared.directory.NodeCalls.Node;
import java.time.Duration;

/** Gateway tasks as their rows have them, with a beat every ten seconds. */
final class Nodes {
  private static final Duration BEAT = Duration.ofSeconds(10);

  private Nodes() {}

  static Node live(String id, String address, long beatAt) {
    return new Node(id, address, beatAt, BEAT, false);
  }

  static Node leaving(String id, String address, long beatAt) {
    return new Node(id, address, beatAt, BEAT, true);
  }
}
