package io.streamer.soak.bench.server;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** The stage that {@code ./streamer dev} starts where it is asked for nothing but handlers. */
public final class StageMain {
  private StageMain() {}

  /**
   * Starts it; it ends with its process.
   *
   * @param args the repository, a folder of handler jars if there is one, and then a file to which
   *     the settings of a gateway beside the stage's own are written, as a JSON object
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    var handlers = Arrays.stream(args).skip(1).map(Path::of).findFirst();
    var stage = Stage.start(StageOptions.at(Path.of(args[0])).frontDoor(false).handlers(handlers));
    if (args.length > 2) {
      Files.writeString(Path.of(args[2]), JsonObject.mapFrom(stage.settings()).encode());
    }
    System.out.println("listening on 127.0.0.1:" + stage.direct().getPort());
    new CountDownLatch(1).await();
  }
}
