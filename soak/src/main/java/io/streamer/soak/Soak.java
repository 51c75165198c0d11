package io.streamer.soak;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.shared.table.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs jobs of mixed kinds on a site, while whatever can fail there fails, and tells what did not
 * hold. The seed gives the jobs, the faults and the clients' habits; when they meet is up to the
 * machine.
 */
public final class Soak {
  private static final long LOOK_MS = 1_000;

  /**
   * How much of it.
   *
   * @param ledger the folder that the site's workers find as their ledger
   * @param jobs it stops behind these
   * @param time and asks for no more jobs after this
   * @param patience how long the last jobs may take, and the tables to be clean behind them
   * @param cutEvery how long a client keeps a socket, about
   * @param unreadEvery one job in so many has a watcher that stops reading; 0 if none has
   */
  public record Options(
      Path ledger,
      long seed,
      int jobs,
      int clients,
      Duration time,
      Duration patience,
      Duration cutEvery,
      int unreadEvery) {}

  /**
   * What came of it.
   *
   * @param ended how many of each kind were seen to end
   * @param closed watchers that stopped reading and were closed
   */
  public record Report(
      long jobs,
      long accepted,
      long frames,
      Map<String, Long> ended,
      long closed,
      Map<String, Long> faults,
      List<String> violations) {}

  private final Site site;
  private final Options options;
  private final Consumer<String> live;
  private final Counts counts = new Counts();
  private final Violations violations = new Violations();
  private final long begun = System.currentTimeMillis();

  private Soak(Site site, Options options, Consumer<String> live) {
    this.site = site;
    this.options = options;
    this.live = live;
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
    var until = begun + options.time().toMillis();
    Crowd crowd;
    try (var http = Socket.http()) {
      crowd = new Crowd(http, site, options, counts, violations, until);
      site.begin();
      crowd.come();
      var deadline = until + options.patience().toMillis();
      while (crowd.isThere() && System.currentTimeMillis() < deadline) {
        Thread.sleep(LOOK_MS);
        live.accept(line(crowd.planned()));
      }
      site.end();
      crowd.leave();
      // a close that the other side does not answer would be waited for
      http.shutdownNow();
    }
    return report(crowd);
  }

  private Report report(Crowd crowd) throws InterruptedException, IOException {
    try (var dynamo = LocalAws.dynamo(site.dynamo())) {
      var leftovers = new Leftovers(dynamo, new Tables(site.tablePrefix()));
      awaitClean(leftovers);
      leftovers.all().forEach(line -> violations.add(line + traces(line, crowd)));
      leftovers.compare(crowd.followed(), new ChargeLedger(options.ledger()), violations);
    }
    for (var what : expected()) {
      if (!counts.kinds.containsKey(what)) {
        violations.add("no " + what + " was seen to end");
      }
    }
    if (options.unreadEvery() > 0 && counts.closed.get() == 0) {
      violations.add("no watcher was closed for not reading");
    }
    return new Report(
        crowd.planned(),
        counts.accepted.get(),
        counts.frames.get(),
        Map.copyOf(counts.kinds),
        counts.closed.get(),
        site.counts(),
        violations.all());
  }

  /** What must have been there: each kind, and each who follows it. */
  private Set<String> expected() {
    var expected = new TreeSet<String>();
    for (var kind : Kind.values()) {
      if (kind != Kind.UNREAD || options.unreadEvery() > 0) {
        kind.sides().forEach(side -> expected.add(Followed.what(kind, side)));
      }
    }
    return expected;
  }

  /** What those saw whose job a line is about. */
  private static String traces(String line, Crowd crowd) {
    return crowd.followed().stream()
        .filter(job -> job.jobId() != null && line.contains(job.jobId()))
        .map(job -> "; " + job.name() + " saw " + job.trace())
        .collect(Collectors.joining());
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

  private String time() {
    var seconds = (System.currentTimeMillis() - begun) / 1_000;
    return "%02d:%02d".formatted(seconds / 60, seconds % 60);
  }

  private String line(int requests) {
    return "%s  requests %d, jobs accepted %d, ended %d, frames %d, cuts %d, resumed %d%s, wrong %d"
        .formatted(
            time(),
            requests,
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
