package io.streamer.soak.bench.server;

import io.streamer.soak.bench.load.Reply;
import io.streamer.soak.bench.load.Side;
import io.streamer.soak.packed.PackedGateway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server's process, and whom the clients may ask there.
 *
 * @param sides who answer on the spot
 * @param jobs whose requests become jobs, where there are any
 */
public record Server(AutoCloseable process, List<Side> sides, Optional<Side> jobs)
    implements AutoCloseable {
  public static final List<String> ACTIONS = List.of("plain", "bound", "vertx");

  private static final List<String> STAGE_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** A text that is posted twice before it is given back, with the flags of dev's launcher. */
  public static Server hops() throws IOException {
    var hops = JavaProcess.start(STAGE_FLAGS, HopsMain.class);
    var door = URI.create("ws://127.0.0.1:" + hops.port() + "/");
    return new Server(
        hops, List.of(new Side("hops", door, hops.pid(), "echo", Reply.ECHO)), Optional.empty());
  }

  /** What {@code ./streamer dev} starts, behind its API Gateway, with the bench's actions. */
  public static Server emulated(BenchOptions options) throws IOException {
    var handlers = options.scratch().resolve("handlers").toString();
    var stage =
        JavaProcess.start(STAGE_FLAGS, EmulatedMain.class, options.home().toString(), handlers);
    var door = URI.create("ws://127.0.0.1:" + stage.port() + "/dev");
    var side = new Side("emulated", door, stage.pid(), "plain", Reply.RESPONSE);
    return new Server(stage, List.of(side), Optional.empty());
  }

  public static Server bare(BenchOptions options) throws IOException {
    var flags = new ArrayList<>(List.of("-XX:MaxRAM=" + options.memoryBytes()));
    flags.addAll(PackedGateway.flags(options.home()));
    var bare = JavaProcess.start(flags, BareMain.class);
    var door = URI.create("ws://127.0.0.1:" + bare.port() + "/");
    return new Server(
        bare, List.of(new Side("bare", door, bare.pid(), "echo", Reply.ECHO)), Optional.empty());
  }

  /** What {@code ./streamer dev} starts. */
  public static Server dev(BenchOptions options) throws IOException {
    var stage = stage(options.home().toString());
    return new Server(stage, List.of(side(stage, "dev", "echo", Reply.RESPONSE)), Optional.empty());
  }

  /** The same with the bench's actions, one of which becomes jobs that are run. */
  public static Server devWithJobs(BenchOptions options) throws IOException {
    var stage = stage(options.home().toString(), options.scratch().resolve("handlers").toString());
    var side = side(stage, "dev", "reporting", Reply.ACKNOWLEDGMENT);
    return new Server(stage, List.of(), Optional.of(side));
  }

  /**
   * A packed gateway whose jobs are run, and whose store is DynamoDB Local. Those whose requests
   * become jobs count.
   */
  public static Server staged(BenchOptions options) throws IOException {
    var staged = StagedGateway.start(options);
    var gateway = staged.gateway();
    return new Server(
        staged,
        List.of(
            new Side("gateway", gateway.direct(), gateway.pid(), "plain", Reply.RESPONSE),
            counting("at-10", gateway, "counting"),
            counting("at-100", gateway, "counting-fast")),
        Optional.empty());
  }

  private static Side counting(String name, PackedGateway gateway, String action) {
    return new Side(name, gateway.direct(), gateway.pid(), action, Reply.ACKNOWLEDGMENT);
  }

  private static Side side(JavaProcess stage, String name, String action, Reply reply) {
    var door = URI.create("ws://127.0.0.1:" + stage.port() + "/ws");
    return new Side(name, door, stage.pid(), action, reply);
  }

  /** With the flags of dev's launcher. */
  public static JavaProcess stage(String... arguments) throws IOException {
    return JavaProcess.start(STAGE_FLAGS, StageMain.class, arguments);
  }

  /**
   * A gateway.
   *
   * @param suffix of its sides' names
   */
  public static Server gateway(
      String suffix, Path folder, BenchOptions options, Map<String, String> settings)
      throws IOException {
    return of(suffix, PackedGateway.start(options.home(), folder, options.memoryBytes(), settings));
  }

  /** The same of one that has started. */
  public static Server of(String suffix, PackedGateway gateway) {
    return new Server(
        gateway,
        ACTIONS.stream()
            .map(action ->
                new Side(action + suffix, gateway.direct(), gateway.pid(), action, Reply.RESPONSE))
            .toList(),
        Optional.of(
            new Side(
                "job" + suffix, gateway.direct(), gateway.pid(), "job", Reply.ACKNOWLEDGMENT)));
  }

  /** Who stands for all of them where it makes no difference. */
  public Side first() {
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
