package io.streamer.soak.bench;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** The stage that {@code ./streamer dev} starts where it is asked for nothing but handlers. */
public final class StageMain {
  private StageMain() {}

  /**
   * Starts it; it ends with its process.
   *
   * @param args the repository, and a folder of handler jars if there is one
   */
  public static void main(String[] args) throws InterruptedException {
    var handlers = Arrays.stream(args).skip(1).map(Path::of).findFirst();
    var stage = Stage.start(StageOptions.at(Path.of(args[0])).frontDoor(false).handlers(handlers));
    System.out.println("listening on 127.0.0.1:" + stage.direct().getPort());
    new CountDownLatch(1).await();
  }
}
