package io.streamer.soak.bench;

import io.streamer.soak.bench.load.Load;
import io.streamer.soak.bench.load.Reply;
import io.streamer.soak.bench.load.Side;
import io.streamer.soak.bench.server.ActionsJar;
import io.streamer.soak.bench.server.BenchSettings;
import io.streamer.soak.bench.server.Server;
import io.streamer.soak.bench.stub.StubStore;
import io.streamer.soak.bench.token.BenchKeys;
import io.streamer.soak.packed.PackedGateway;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A gateway from its start to its first answers and its end. */
final class GatewayTraining {
  private static final int SOCKETS = 20;
  private static final long ASKED_MS = 3_000;

  /** Enough for the JVM that writes the cache, too. */
  private static final long MEMORY = 2L << 30;

  private GatewayTraining() {}

  static void run(List<String> command, Path scratch) throws IOException {
    ActionsJar.write(scratch.resolve("handlers"));
    var keys = BenchKeys.at(scratch);
    try (var store = StubStore.start();
        var gateway =
            PackedGateway.start(command, MEMORY, BenchSettings.of(keys, scratch, store))) {
      ask(gateway.direct(), gateway.pid(), keys);
      gateway.stop();
    }
  }

  private static void ask(URI door, long pid, BenchKeys keys) throws IOException {
    // of each kind, for what checks its signature
    var tokens = List.of(keys.rs256("training"), keys.es256("training"));
    try (var load = Load.start()) {
      for (var action : Server.ACTIONS) {
        var side = new Side(action, door, pid, action, Reply.RESPONSE);
        load.order(side.open(SOCKETS, tokens));
        load.order(asked(side));
        load.order(side.order("close"));
      }
    }
  }

  private static JsonObject asked(Side side) {
    return side.order("closed").put("in_flight", 1).put("warm_ms", 0).put("ms", ASKED_MS);
  }
}
