package io.streamer.soak.bench;

import io.streamer.soak.packed.PackedGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server's process, and whom the clients may ask there. */
record Server(AutoCloseable process, List<Side> sides) implements AutoCloseable {
  static final List<String> ACTIONS = List.of("plain", "bound", "vertx");

  static Server bare(Bench.Options options) throws IOException {
    var bare = BareServer.start(options.home(), options.memoryBytes());
    return new Server(bare, List.of(new Side("bare", bare.door(), bare.pid(), "echo", true)));
  }

  /**
   * A gateway.
   *
   * @param suffix of its sides' names
   */
  static Server gateway(
      String suffix, Path folder, Bench.Options options, Map<String, String> settings)
      throws IOException {
    var gateway = PackedGateway.start(options.home(), folder, options.memoryBytes(), settings);
    return new Server(
        gateway,
        ACTIONS.stream()
            .map(
                action -> new Side(action + suffix, gateway.direct(), gateway.pid(), action, false))
            .toList());
  }

  /** Who stands for all of them where it makes no difference. */
  Side first() {
    return sides.getFirst();
  }

  @Override
  public void close() throws IOException {
    try {
      process.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("ending a server", e);
    }
  }
}
