package io.streamer.soak.abuse;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.streamer.soak.packed.PackedGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sets one client on a packed gateway in a small container, and looks at what another client, the
 * gateway's memory and its connections show of it.
 */
public final class Abuse {
  private static final Duration TOKEN = Duration.ofHours(2);
  private static final int LOOK_MS = 250;

  /** Behind two heartbeats: a close has time to be answered before the connection is cut. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  /**
   * How it is done.
   *
   * @param home the repository
   * @param packed the folder of the gateway that {@code ./streamer build --demo} makes
   * @param seconds of each attack
   * @param memoryBytes what the gateway's container has
   * @param heartbeat the gateway's
   * @param p99Ms what the other client's answers may take
   */
  public record Options(
      Path home, Path packed, long seconds, long memoryBytes, Duration heartbeat, double p99Ms) {}

  /**
   * What came of one attack.
   *
   * @param memory the most the gateway had, in bytes
   * @param limited whether more than its container's memory would have been refused
   * @param goneMs how long behind the attack its last connection was held; negative if some stay
   * @param logLines what it wrote into the gateway's log
   * @param refused connections that the attackers did not get
   * @param wrong what should not be; empty if all is well
   */
  public record Outcome(
      Attack attack,
      ServiceLevel served,
      long memory,
      boolean limited,
      long goneMs,
      int logLines,
      int refused,
      List<String> wrong) {}

  private final Options options;
  private final Consumer<String> live;
  private final DevKey key;
  private final Stage stage;

  private Abuse(Options options, Consumer<String> live, DevKey key, Stage stage) {
    this.options = options;
    this.live = live;
    this.key = key;
    this.stage = stage;
  }

  /**
   * Carries out an attack, on a gateway and tables of its own.
   *
   * @param live takes a line before each long step
   */
  public static Outcome run(Attack attack, Options options, Consumer<String> live)
      throws IOException, InterruptedException {
    try (var stage = Stage.start(StageOptions.at(options.home()))) {
      return new Abuse(options, live, DevKey.at(options.home()), stage).run(attack);
    }
  }

  private Outcome run(Attack attack) throws IOException, InterruptedException {
    live.accept(attack + ": " + attack.what());
    var settings = new HashMap<>(stage.settings());
    settings.put("STREAMER_HEARTBEAT", options.heartbeat().toMillis() + "ms");
    settings.put("STREAMER_DEMO", "true");
    settings.putAll(attack.settings());
    try (var gateway =
        PackedGateway.start(options.home(), options.packed(), options.memoryBytes(), settings)) {
      var ground = new Ground(gateway.direct(), token("attacker"), options.seconds());
      try {
        return attack(attack, gateway, ground);
      } finally {
        ground.leave();
      }
    }
  }

  private Outcome attack(Attack attack, PackedGateway gateway, Ground ground)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var attacker = attacker(attack, ground);
    while (ground.opened() + ground.refused() < attack.places()) {
      Thread.sleep(LOOK_MS);
    }
    var bystander = new Bystander(gateway.direct(), token("bystander"));
    while (attacker.isAlive() && gateway.alive() && ground.going()) {
      Thread.sleep(LOOK_MS);
    }
    ground.freeze();
    var goneMs = awaitGone(gateway);
    bystander.leave();
    var inMs = bystander.inSince() == 0 ? -1 : (bystander.inSince() - begun) / 1_000_000;
    var served = bystander.served();
    var wrong = wrong(attack, gateway, served, goneMs, inMs);
    return new Outcome(
        attack,
        served,
        gateway.mostMemory(),
        gateway.limited(),
        goneMs,
        gateway.lines(),
        ground.refused(),
        wrong);
  }

  private Thread attacker(Attack attack, Ground ground) {
    return Thread.ofPlatform()
        .name(attack.toString())
        .daemon()
        .start(() -> {
          try {
            attack.run(ground);
          } catch (IOException e) {
            live.accept(attack + " could not go on: " + e.getMessage());
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private long awaitGone(PackedGateway gateway) throws IOException, InterruptedException {
    var frozen = System.nanoTime();
    var patience = within().plus(within());
    while (System.nanoTime() - frozen < patience.toNanos() && gateway.alive()) {
      // the other client has one
      if (gateway.connections() <= 1) {
        return (System.nanoTime() - frozen) / 1_000_000;
      }
      Thread.sleep(LOOK_MS);
    }
    return -1;
  }

  private Duration within() {
    return options.heartbeat().multipliedBy(2).plus(CLOSING);
  }

  private List<String> wrong(
      Attack attack, PackedGateway gateway, ServiceLevel served, long goneMs, long inMs) {
    var wrong = new ArrayList<String>();
    if (!gateway.alive()) {
      wrong.add("the gateway has ended");
    }
    if (served.answered() < served.asked() || served.asked() == 0) {
      wrong.add(
          "the other client was answered %d of %d times"
              .formatted(served.answered(), served.asked()));
    }
    if (served.cuts() > 0) {
      wrong.add("the other client was cut " + served.cuts() + " times");
    }
    if (!(served.p99() <= options.p99Ms())) {
      wrong.add("the other client's p99 is over %.0f ms".formatted(options.p99Ms()));
    }
    if (goneMs < 0) {
      wrong.add("connections stay");
    } else if (goneMs > within().toMillis()) {
      wrong.add("connections stay for longer than two heartbeats");
    }
    // a place is free once its holder is closed
    var latest = attack.places() > 0 ? within().toMillis() : 5_000;
    if (inMs < 0 || inMs > latest) {
      wrong.add(inMs < 0 ? "the other client never came in" : "the other client came in late");
    }
    return wrong;
  }

  private String token(String user) {
    return key.sign(TokenClaims.of(user, "abuse", List.of(), TOKEN, Instant.now()).all());
  }
}
