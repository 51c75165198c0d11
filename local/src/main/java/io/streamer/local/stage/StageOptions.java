package io.streamer.local.stage;

import io.streamer.emulator.apigateway.ApiSettings;
import io.streamer.emulator.lambda.FunctionSettings;
import io.streamer.handler.HandlerModule;
import io.streamer.local.live.LiveHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** How a stage is set; each setter changes this object and returns it. */
public final class StageOptions {
  final Path home;
  int directPort;
  int apiPort;
  Optional<List<Path>> dynamoDbLocal = Optional.empty();
  Optional<Path> handlers = Optional.empty();
  Optional<LiveHandlers.Listener> live = Optional.empty();
  Optional<Path> data = Optional.empty();
  boolean demo = true;
  boolean frontDoor = true;
  Consumer<String> log = _ -> {};
  List<HandlerModule> modules = List.of();
  Map<String, String> settings = Map.of();
  Map<String, String> handlerSettings = Map.of();
  UnaryOperator<ApiSettings> api = UnaryOperator.identity();
  InstantSource clock = InstantSource.system();
  InstantSource workersClock = InstantSource.system();
  int jobConcurrency = FunctionSettings.ACCOUNT;

  private StageOptions(Path home) {
    this.home = home;
  }

  /**
   * On any free ports, with the demo actions, state in memory.
   *
   * @param home the repository: holds the development key and, unless {@link #dynamoDbLocal} names
   *     others, DynamoDB Local's jars
   */
  public static StageOptions at(Path home) {
    return new StageOptions(home);
  }

  /** The port of the direct door; 0 for any free one. */
  public StageOptions directPort(int port) {
    directPort = port;
    return this;
  }

  /**
   * Whether a door of the stage's own stands before the gateway, so that direct sockets can be cut
   * and gateways be killed. Without it a socket costs one open file in place of three.
   */
  public StageOptions frontDoor(boolean stands) {
    frontDoor = stands;
    return this;
  }

  /** The port of the API Gateway emulator; 0 for any free one. */
  public StageOptions apiPort(int port) {
    apiPort = port;
    return this;
  }

  /** DynamoDB Local's jars and what they need, where no repository has them in its folder. */
  public StageOptions dynamoDbLocal(List<Path> jars) {
    dynamoDbLocal = Optional.of(List.copyOf(jars));
    return this;
  }

  /** Whether the demo actions are served. */
  public StageOptions demo(boolean served) {
    demo = served;
    return this;
  }

  /** A folder of handler jars. */
  public StageOptions handlers(Optional<Path> folder) {
    handlers = folder;
    return this;
  }

  /**
   * Follows the folder of handlers: what is saved in it is served, jars and single Java files.
   * Without this, its jars are taken as they are at the start.
   */
  public StageOptions live(LiveHandlers.Listener listener) {
    live = Optional.of(listener);
    return this;
  }

  /** A folder that keeps state over restarts; without it, state lives in memory. */
  public StageOptions data(Optional<Path> folder) {
    data = folder;
    return this;
  }

  /** Takes a line for each request and each step of a job. */
  public StageOptions log(Consumer<String> lines) {
    log = lines;
    return this;
  }

  /** Handlers beside those of the folder. */
  public StageOptions modules(List<HandlerModule> more) {
    modules = List.copyOf(more);
    return this;
  }

  /** {@code STREAMER_} settings that differ from the stage's own. */
  public StageOptions settings(Map<String, String> changed) {
    settings = Map.copyOf(changed);
    return this;
  }

  /**
   * What handlers find in their environment, before the file {@code .env} of their folder. What is
   * Streamer's own they find as gateway and worker have it.
   */
  public StageOptions handlerSettings(Map<String, String> given) {
    handlerSettings = Map.copyOf(given);
    return this;
  }

  /** Changes the emulator's limits, clock or stage. */
  public StageOptions api(UnaryOperator<ApiSettings> change) {
    api = change;
    return this;
  }

  /**
   * The gateway's time, by which leases are over, jobs are due and tokens have expired; the worker
   * keeps to the machine's, unless it gets one of {@link #workersClock its own}.
   */
  public StageOptions clock(InstantSource instead) {
    clock = instead;
    return this;
  }

  /** How many jobs run at once at most; others wait for their place, as Lambda has them wait. */
  public StageOptions jobConcurrency(int most) {
    jobConcurrency = most;
    return this;
  }

  /** The worker's time. A step of more than half a lease loses the jobs that run. */
  public StageOptions workersClock(InstantSource instead) {
    workersClock = instead;
    return this;
  }
}
