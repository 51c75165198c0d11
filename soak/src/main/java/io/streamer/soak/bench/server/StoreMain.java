package io.streamer.soak.bench.server;

import io.streamer.emulator.dynamo.DynamoDbLocal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** DynamoDB Local alone, with its tables in memory. */
public final class StoreMain {
  private StoreMain() {}

  /**
   * Starts it; it ends with its process.
   *
   * @param args the folder of DynamoDB Local's jars
   */
  public static void main(String[] args) throws InterruptedException {
    var store = DynamoDbLocal.start(Path.of(args[0]), Optional.empty());
    System.out.println("listening on 127.0.0.1:" + store.uri().getPort());
    new CountDownLatch(1).await();
  }
}
