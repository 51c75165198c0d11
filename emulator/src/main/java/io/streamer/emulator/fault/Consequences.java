package io.streamer.emulator.fault;

import java.util.function.Consumer;

/** What a fault does beyond the request it happens to. */
public final class Consequences {
  private volatile Consumer<Sender> killer =
      sender -> {
        var _ = sender.kill();
      };
  private volatile Runnable splitter = () -> {};

  Consequences() {}

  /** Kills a process, and marks its sender as dead before it returns; must not block. */
  public void killBy(Consumer<Sender> instead) {
    killer = instead;
  }

  /** Closes the open shards of the stream and opens new ones. */
  public void splitBy(Runnable instead) {
    splitter = instead;
  }

  void kill(Sender sender) {
    if (sender.role() != Role.OTHER) {
      killer.accept(sender);
    }
  }

  void split() {
    splitter.run();
  }
}
