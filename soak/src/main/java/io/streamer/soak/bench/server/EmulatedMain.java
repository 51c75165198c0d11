package io.streamer.soak.bench.server;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The stage of {@link StageMain}, asked through its emulated API Gateway and as often as one can.
 */
public final class EmulatedMain {
  private EmulatedMain() {}

  /**
   * Starts it; it ends with its process.
   *
   * @param args the repository, and a folder of handler jars
   */
  public static void main(String[] args) throws InterruptedException {
    var stage =
        Stage.start(
            StageOptions.at(Path.of(args[0]))
                .frontDoor(false)
                .handlers(Optional.of(Path.of(args[1])))
                .settings(Map.of("STREAMER_MAX_MESSAGE_RATE", "1000000")));
    System.out.println("listening on 127.0.0.1:" + stage.apiGateway().getPort());
    new CountDownLatch(1).await();
  }
}
