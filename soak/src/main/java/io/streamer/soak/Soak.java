package io.streamer.soak;

import io.streamer.local.aws.LocalAws;
import io.streamer.shared.store.Tables;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs jobs of mixed kinds on a site, while whatever can fail there fails, and tells what did not
 * hold. The seed gives the jobs, the faults and the clients' habits; when they meet is up to the
 * machine.
 */
public final class Soak {
  private static final long LOOK_MS = 1_000;
  private static final String TENANT = "soak";

  /**
   * How much of it.
   *
   * @param ledger the folder that the site's workers find as their ledger
   * @param jobs it stops behind these
   * @param time and asks for no more jobs after this
   * @param patience how long the last jobs may take, and the tables to be clean behind them
   * @param cutEvery how long a client keeps a socket, about
   */
  public record Options(
      Path ledger,
      long seed,
      int jobs,
      int clients,
      Duration time,
      Duration patience,
      Duration cutEvery) {}

  /** What came of it. */
  public record Report(
      long jobs, long accepted, long frames, Map<String, Long> faults, List<String> violations) {}

  private final Site site;
  private final Options options;
  private final Consumer<String> live;
  private final Counts counts = new Counts();
  private final Violations violations = new Violations();
  private final List<Followed> followed = Collections.synchronizedList(new ArrayList<>());
  private final Random random;
  private final long begun = System.currentTimeMillis();

  private Soak(Site site, Options options, Consumer<String> live) {
    this.site = site;
    this.options = options;
    this.live = live;
    this.random = new Random(options.seed());
  }

  /**
   * Runs it to its end.
   *
   * @param live takes a line each second
   */
  public static Report run(Site site, Options options, Consumer<String> live)
      throws InterruptedException, IOException {
    return new Soak(site, options, live).run();
  }

  private Report run() throws InterruptedException, IOException {
    try (var http = HttpClient.newHttpClient()) {
      site.begin();
      var clients = clients(http);
      var deadline = begun + options.time().plus(options.patience()).toMillis();
      while (clients.stream().anyMatch(Thread::isAlive) && System.currentTimeMillis() < deadline) {
        Thread.sleep(LOOK_MS);
        live.accept(line());
      }
      site.end();
      // what their users still wait for is told by the clients
      clients.forEach(Thread::interrupt);
      for (var client : clients) {
        client.join();
      }
    }
    try (var dynamo = LocalAws.dynamo(site.dynamo())) {
      var leftovers = new Leftovers(dynamo, new Tables(site.tablePrefix()));
      awaitClean(leftovers);
      leftovers.all().forEach(violations::add);
      leftovers.compare(List.copyOf(followed), new Ledger(options.ledger()), violations);
    }
    return new Report(
        followed.size(),
        counts.accepted.get(),
        counts.frames.get(),
        site.counts(),
        violations.all());
  }

  private void awaitClean(Leftovers leftovers) throws InterruptedException {
    var deadline = System.currentTimeMillis() + options.patience().toMillis();
    for (var left = leftovers.all();
        !left.isEmpty() && System.currentTimeMillis() < deadline;
        left = leftovers.all()) {
      live.accept("%s  %d left in the tables: %s".formatted(time(), left.size(), left.getFirst()));
      Thread.sleep(LOOK_MS);
    }
  }

  private List<Thread> clients(HttpClient http) {
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < options.clients(); i++) {
      clients.add(
          Thread.ofVirtual()
              .name("soak client " + i)
              .start(
                  new SoakClient(
                      http,
                      site::doors,
                      site.token("user-" + i, TENANT),
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
    var job = Followed.of(id, Kind.any(random), random, violations::add);
    followed.add(job);
    return Optional.of(job);
  }

  private String time() {
    var seconds = (System.currentTimeMillis() - begun) / 1_000;
    return "%02d:%02d".formatted(seconds / 60, seconds % 60);
  }

  private String line() {
    return "%s  requests %d, jobs accepted %d, ended %d, frames %d, cuts %d, resumed %d%s, wrong %d"
        .formatted(
            time(),
            followed.size(),
            counts.accepted.get(),
            counts.ended.get(),
            counts.frames.get(),
            counts.cuts.get(),
            counts.resumed.get(),
            failed(),
            violations.all().size());
  }

  private String failed() {
    return site.counts().entrySet().stream()
        .map(fault -> ", " + fault.getKey() + " " + fault.getValue())
        .collect(Collectors.joining());
  }
}
