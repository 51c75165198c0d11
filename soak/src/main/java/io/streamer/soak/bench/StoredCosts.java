package io.streamer.soak.bench;

import io.streamer.soak.bench.load.Load;
import io.streamer.soak.bench.load.ProcessUsage;
import io.streamer.soak.bench.load.Side;
import io.streamer.soak.bench.server.BenchOptions;
import io.streamer.soak.bench.token.BenchKeys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a submit and the answer to {@code status} cost as more and more jobs are stored. */
final class StoredCosts {
  /** For all tables together: a machine that is slower measures with fewer jobs, and says so. */
  private static final Duration FILLING = Duration.ofMinutes(8);

  private static final String OWNER = "owner";

  private final BenchOptions options;
  private final Load load;
  private final BenchKeys keys;
  private final Consumer<String> live;

  StoredCosts(BenchOptions options, Load load, BenchKeys keys, Consumer<String> live) {
    this.options = options;
    this.load = load;
    this.keys = keys;
    this.live = live;
  }

  /**
   * Fills the tables, and has the gateways asked in turn.
   *
   * @param settings of a gateway at any store
   */
  List<Figure> measure(BenchCase of, Map<String, String> settings)
      throws IOException, InterruptedException {
    var rounds = new Rounds(of, StoredSides.FEW);
    try (var compared = StoredSides.start(options, settings)) {
      var filled = fill(compared);
      for (var one : filled) {
        submitted(compared, one.kept(), "warm", options.effort().warmMs(), 1);
        status(compared, one, options.effort().warmMs(), 1);
      }
      long window = options.effort().windowMs();
      for (int i = 0; i < options.effort().rounds(); i++) {
        for (var one : i % 2 == 0 ? filled : filled.reversed()) {
          var kept = one.kept();
          var submitted = submitted(compared, kept, "round-" + i, window / 4, window);
          rounds.add(kept.submit(), submitted.put("stored", (double) one.jobs()));
          var status = status(compared, one, window / 4, window);
          rounds.add(kept.status(), status.put("stored", (double) one.jobs()));
        }
      }
      return rounds.figures(
          Stream.concat(
                  compared.all().stream().map(StoredSides.Kept::submit),
                  compared.all().stream().map(StoredSides.Kept::status))
              .toList());
    }
  }

  /** A gateway whose store has so many jobs by now. */
  private record Filled(StoredSides.Kept kept, int jobs) {}

  /** Fills the tables with rows like one that the gateway wrote. */
  private List<Filled> fill(StoredSides compared) throws IOException, InterruptedException {
    long until = System.nanoTime() + FILLING.toNanos();
    var filled = new ArrayList<Filled>();
    for (var kept : compared.all()) {
      live.accept("storing %,d jobs".formatted(kept.most()));
      load.open(kept.submit(), kept.submit().open(1, List.of(keys.es256(OWNER))));
      load.order(Bench.closed(kept.submit(), 1, 1, 1));
      load.order(kept.submit().order("close"));
      filled.add(new Filled(kept, kept.jobs().fill(OWNER, kept.most(), until)));
    }
    return filled;
  }

  /** By a tenant of its own, whose jobs go again where they would be more than those that were. */
  private JsonObject submitted(
      StoredSides compared, StoredSides.Kept kept, String user, long warmMs, long ms)
      throws IOException, InterruptedException {
    var side = kept.submit();
    var said =
        asked(
            compared, kept, side, side.open(Bench.SOCKETS, List.of(keys.es256(user))), warmMs, ms);
    if (!kept.name().equals(StoredSides.MANY)) {
      kept.jobs().remove(user, said.getDouble("asked").intValue());
    }
    return said;
  }

  private JsonObject status(StoredSides compared, Filled filled, long warmMs, long ms)
      throws IOException, InterruptedException {
    var side = filled.kept().status();
    var open = side.openForStatus(Bench.SOCKETS, List.of(keys.es256(OWNER)), filled.jobs());
    return asked(compared, filled.kept(), side, open, warmMs, ms);
  }

  /** On sockets of its own: those that wait for long answer no ping. */
  private JsonObject asked(
      StoredSides compared, StoredSides.Kept kept, Side side, JsonObject open, long warmMs, long ms)
      throws IOException, InterruptedException {
    load.open(side, open);
    var before = kept.door().counted();
    long cpu = ProcessUsage.cpuMicros(compared.storePid());
    var said = load.order(Bench.closed(side, 1, warmMs, ms));
    double asked = load.order(side.order("asked")).getDouble("asked");
    var after = kept.door().counted();
    said.put("asked", asked)
        .put("store_calls", (after.calls() - before.calls()) / asked)
        .put("write_units", (after.writeUnits() - before.writeUnits()) / asked)
        .put("read_units", (after.readUnits() - before.readUnits()) / asked)
        .put("store_cpu_us", (ProcessUsage.cpuMicros(compared.storePid()) - cpu) / asked);
    load.order(side.order("close"));
    return said;
  }
}
