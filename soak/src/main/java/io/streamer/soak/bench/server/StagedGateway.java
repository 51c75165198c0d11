package io.streamer.soak.bench.server;

import io.streamer.soak.packed.PackedGateway;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;

/**
 * A packed gateway whose jobs are run: its tables in DynamoDB Local, their stream and the worker
 * are those of what {@code ./streamer dev} starts, in a process of their own.
 *
 * @param stage what stands behind the gateway
 */
record StagedGateway(JavaProcess stage, PackedGateway gateway) implements AutoCloseable {

  /** Starts both, with the handlers of {@link ActionsJar} in the scratch folder. */
  static StagedGateway start(BenchOptions options) throws IOException {
    var handlers = options.scratch().resolve("handlers").toString();
    var file = options.scratch().resolve("stage.json");
    var stage = Server.stage(options.home().toString(), handlers, file.toString());
    try {
      var settings = new HashMap<String, String>();
      new JsonObject(Files.readString(file))
          .forEach(one -> settings.put(one.getKey(), one.getValue().toString()));
      // the stage has room for all that shares its process; a gateway of its own does without
      settings.remove("STREAMER_MAX_LOOP_LAG");
      settings.put("STREAMER_DEMO", "false");
      settings.put("STREAMER_HANDLERS", handlers);
      settings.put("STREAMER_MAX_MESSAGE_RATE", "1000000");
      var gateway =
          PackedGateway.start(options.home(), options.packed(), options.memoryBytes(), settings);
      return new StagedGateway(stage, gateway);
    } catch (Throwable e) {
      stage.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      gateway.close();
    } finally {
      stage.close();
    }
  }
}
