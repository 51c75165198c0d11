package io.streamer.soak;

import io.streamer.local.DevKey;
import io.streamer.local.Stage;
import io.streamer.local.StageOptions;
import io.streamer.local.TokenClaims;
import io.streamer.local.aws.LocalAws;
import io.streamer.shared.store.Tables;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs jobs of mixed kinds on a stage of its own, while whatever can fail fails, and tells what did
 * not hold. The seed gives the jobs, the faults and the clients' habits; when they meet is up to
 * the machine.
 */
public final class Soak {
  private static final Duration TOKEN = Duration.ofDays(2);
  private static final long LOOK_MS = 1_000;
  private static final String TENANT = "soak";

  /**
   * How much of it.
   *
   * @param jobs it stops behind these
   * @param time and asks for no more jobs after this
   * @param patience how long the last jobs may take, and the tables to be clean behind them
   * @param cutEvery how long a client keeps a socket, about
   */
  public record Options(
      Path home,
      long seed,
      int jobs,
      int clients,
      Duration time,
      Duration patience,
      Duration cutEvery,
      boolean faults) {}

  /** What came of it. */
  public record Report(
      long jobs, long accepted, long frames, Map<String, Long> faults, List<String> violations) {}

  private final Options options;
  private final Consumer<String> live;
  private final Counts counts = new Counts();
  private final Violations violations = new Violations();
  private final SoakActions.Ledger ledger = new SoakActions.Ledger();
  private final List<Followed> followed = Collections.synchronizedList(new ArrayList<>());
  private final Random random;
  private final long begun = System.currentTimeMillis();

  private Soak(Options options, Consumer<String> live) {
    this.options = options;
    this.live = live;
    this.random = new Random(options.seed());
  }

  /**
   * Runs it to its end.
   *
   * @param live takes a line each second
   */
  public static Report run(Options options, Consumer<String> live) throws InterruptedException {
    return new Soak(options, live).run();
  }

  private Report run() throws InterruptedException {
    var stage =
        Stage.start(
            StageOptions.at(options.home())
                .modules(List.of(new SoakActions(ledger)))
                .settings(
                    Map.of(
                        "STREAMER_LEASE", "5s",
                        "STREAMER_SUBMIT_DUE", "3s",
                        "STREAMER_SYNC_THRESHOLD", "300ms")));
    try (stage;
        var http = HttpClient.newHttpClient();
        var dynamo = LocalAws.dynamo(stage.dynamo())) {
      var chaos = new Chaos(stage, options.seed());
      if (options.faults()) {
        chaos.start();
      }
      var clients = clients(stage, http);
      var deadline = begun + options.time().plus(options.patience()).toMillis();
      while (clients.stream().anyMatch(Thread::isAlive) && System.currentTimeMillis() < deadline) {
        Thread.sleep(LOOK_MS);
        live.accept(line(chaos));
      }
      chaos.stop();
      // what their users still wait for is told by the clients
      clients.forEach(Thread::interrupt);
      for (var client : clients) {
        client.join();
      }
      var leftovers = new Leftovers(dynamo, new Tables(stage.tablePrefix()));
      awaitClean(leftovers);
      leftovers.all().forEach(violations::add);
      leftovers.compare(List.copyOf(followed), ledger, violations);
      return new Report(
          followed.size(),
          counts.accepted.get(),
          counts.frames.get(),
          chaos.counts(),
          violations.all());
    }
  }

  private void awaitClean(Leftovers leftovers) throws InterruptedException {
    var deadline = System.currentTimeMillis() + options.patience().toMillis();
    while (!leftovers.all().isEmpty() && System.currentTimeMillis() < deadline) {
      Thread.sleep(LOOK_MS);
    }
  }

  private List<Thread> clients(Stage stage, HttpClient http) {
    var key = DevKey.at(options.home());
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < options.clients(); i++) {
      var claims = TokenClaims.of("user-" + i, TENANT, List.of(), TOKEN, Instant.now());
      clients.add(
          Thread.ofVirtual()
              .name("soak client " + i)
              .start(
                  new SoakClient(
                      http,
                      List.of(stage.direct(), stage.apiGateway()),
                      key.sign(claims.all()),
                      this::next,
                      counts,
                      violations,
                      new Random(options.seed() + i + 1),
                      options.cutEvery().toMillis())));
    }
    return clients;
  }

  private synchronized Optional<Followed> next() {
    if (followed.size() >= options.jobs()
        || System.currentTimeMillis() >= begun + options.time().toMillis()) {
      return Optional.empty();
    }
    var id = Followed.id(options.seed(), followed.size());
    var kind = Kind.any(random);
    var frame =
        new JsonObject()
            .put("type", "request")
            .put("id", id)
            .put("action", kind.action())
            .put("payload", kind.payload(random, id))
            .put("options", kind.options());
    var job = new Followed(id, kind, frame, violations::add);
    followed.add(job);
    return Optional.of(job);
  }

  private String line(Chaos chaos) {
    var seconds = (System.currentTimeMillis() - begun) / 1_000;
    return "%02d:%02d  requests %d, jobs accepted %d, ended %d, frames %d, cuts %d, resumed %d%s, wrong %d"
        .formatted(
            seconds / 60,
            seconds % 60,
            followed.size(),
            counts.accepted.get(),
            counts.ended.get(),
            counts.frames.get(),
            counts.cuts.get(),
            counts.resumed.get(),
            chaos.line(),
            violations.all().size());
  }
}
