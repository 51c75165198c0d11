package io.streamer.soak.bench;

import io.streamer.soak.bench.server.AotCache;
import io.streamer.soak.bench.worker.WorkerTraining;
import io.streamer.soak.packed.ImageFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a process of an image for the JVM to record what it loads (JEP 514): an AOT cache, by which
 * it starts next time. DynamoDB is a stub, so that an image's build can do it.
 */
public final class Training {
  private static final Path IN_IMAGE = Path.of("/opt/streamer");

  private Training() {}

  /**
   * Records one for an image, in its build.
   *
   * @param arguments the repository, the java of the image, {@code gateway} or {@code worker}, and
   *     the file to be made
   * @throws IOException if the process does not serve, or its JVM writes no cache
   */
  public static void main(String[] arguments) throws IOException {
    var home = Path.of(arguments[0]);
    var java = arguments[1];
    var target = arguments[2];
    var cache = Path.of(arguments[3]);
    var command = new ArrayList<String>();
    command.add(java);
    command.addAll(ImageFlags.of(home, target));
    command.addAll(List.of("-cp", classPath()));
    var scratch = Files.createTempDirectory("training");
    switch (target) {
      case "gateway" -> {
        command.add("io.streamer.gateway.Main");
        AotCache.record(GatewayTraining::run, command, cache, scratch);
      }
      case "worker" -> {
        command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
        AotCache.record(WorkerTraining::run, command, cache, scratch);
      }
      default -> throw new IllegalArgumentException(target + " is neither gateway nor worker");
    }
    System.out.println(cache + ": " + Files.size(cache) / (1 << 20) + " MiB");
  }

  /** As in the image, up to the handlers: the class path may go on where the cache's ends. */
  private static String classPath() throws IOException {
    var lines = Files.readAllLines(IN_IMAGE.resolve("class-path"));
    return lines.get(lines.indexOf("-cp") + 1).replace(":" + IN_IMAGE.resolve("handlers/*"), "");
  }
}
