package io.streamer.soak.bench;

import io.streamer.local.stage.Stage;
import io.streamer.soak.bench.load.Load;
import io.streamer.soak.bench.load.ProcessUsage;
import io.streamer.soak.bench.load.Side;
import io.streamer.soak.bench.server.ActionsJar;
import io.streamer.soak.bench.server.AotCache;
import io.streamer.soak.bench.server.BenchOptions;
import io.streamer.soak.bench.server.BenchSettings;
import io.streamer.soak.bench.server.Server;
import io.streamer.soak.bench.stub.StubStore;
import io.streamer.soak.bench.token.BenchKeys;
import io.streamer.soak.bench.worker.WorkerStarts;
import io.streamer.soak.packed.PackedGateway;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares packed gateways with a bare Vert.x server: the sides take turns, so that whatever else
 * the machine does is shared among them.
 */
public final class Bench implements AutoCloseable {
  static final int SOCKETS = 50;
  private static final int RATE_SOCKETS = 100;
  private static final int RATE = 10_000;
  private static final int JOB_RATE = 20;
  private static final int WARM_IN_FLIGHT = 16;
  private static final int WARM_PARTS = 4;

  /** Of a process: jars, libraries, its own connections. */
  private static final int OTHER_FILES = 1_000;

  /** So often each socket asks that is held. */
  private static final int HELD_QUESTIONS = 6;

  private static final int HELD_GATEWAYS = 6;

  private static final double MIXED_SHARE = 0.7;
  private static final int LOOKS = 60;
  private static final int FEW_LOOKS = 6;
  private static final String BARE = "bare";
  private static final int REPORTING_JOBS = 100;

  /** Questions a second of each socket that reads. */
  private static final int STUCK_RATE = 5;

  /** Less is not enough for heartbeats to be missed. */
  private static final long LEAST_STUCK_MS = 6_000;

  /** For who was closed to come back. */
  private static final long BACK_MS = 20_000;

  private static final long LOOK_MS = 200;
  private static final long REPORT_MS = 10;

  private final BenchOptions options;
  private final Consumer<String> live;
  private final List<AutoCloseable> running = new ArrayList<>();
  private final BenchKeys keys;
  private final List<String> token;
  private final Load load;
  private final List<Side> sides = new ArrayList<>();

  private final List<Server> servers = new ArrayList<>();
  private @Nullable StubStore store;

  private Bench(BenchOptions options, Consumer<String> live) throws IOException {
    this.options = options;
    this.live = live;
    this.keys = BenchKeys.at(options.home());
    // what ./streamer dev starts knows the dev key alone
    this.token = List.of(keys.es256("bench"));
    this.load = keep(Load.start());
  }

  /**
   * Starts all that is needed.
   *
   * @param live takes a line before each long step
   */
  public static Bench start(BenchOptions options, Consumer<String> live)
      throws IOException, InterruptedException {
    var bench = new Bench(options, live);
    try {
      bench.startServers();
      bench.warm();
      return bench;
    } catch (Throwable e) {
      bench.close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T one) {
    running.addFirst(one);
    return one;
  }

  private void startServers() throws IOException {
    live.accept("starting");
    store = keep(StubStore.start());
    ActionsJar.write(options.scratch().resolve("handlers"));
    servers.addAll(servers());
    for (var server : servers) {
      keep(server);
      sides.addAll(server.sides());
    }
  }

  /** Starts each kind of server once. */
  private List<Server> servers() throws IOException {
    var started = new ArrayList<Server>();
    started.add(Server.bare(options));
    started.add(Server.gateway("", options.packed(), options, settings()));
    if (options.against().isPresent()) {
      started.add(Server.gateway("-before", options.against().get(), options, settings()));
    }
    return started;
  }

  private Map<String, String> settings() throws IOException {
    return BenchSettings.of(keys, options.scratch(), Objects.requireNonNull(store));
  }

  private void warm() throws IOException, InterruptedException {
    live.accept("warming up");
    open(sides, SOCKETS);
    for (var side : sides) {
      load.order(closed(side, WARM_IN_FLIGHT, options.effort().warmMs(), 1));
    }
    closeSockets(sides);
  }

  /** Carries out a case. */
  public List<Figure> run(BenchCase one) throws IOException, InterruptedException {
    live.accept(one + ": " + one.what());
    return switch (one) {
      case ECHO_1 -> rounds(one, SOCKETS, (side, warm, ms) -> closed(side, 1, warm, ms));
      case ECHO_16 ->
          rounds(one, SOCKETS, (side, warm, ms) -> closed(side, WARM_IN_FLIGHT, warm, ms));
      case RATE_10K ->
          rounds(
              one,
              RATE_SOCKETS,
              (side, warm, ms) ->
                  side.order("rate").put("per_second", RATE).put("warm_ms", warm).put("ms", ms));
      case SUBMIT ->
          rounds(
              one,
              servers.stream().flatMap(server -> server.jobs().stream()).toList(),
              SOCKETS,
              (side, warm, ms) -> closed(side, WARM_IN_FLIGHT, warm, ms));
      case CONNECT -> connect(one, keys::rs256, true);
      case CONNECT_ES256 -> connect(one, keys::es256, true);
      case RECONNECT -> connect(one, keys::rs256, false);
      case STORM -> storm(one);
      case EMULATED -> emulated(one);
      case IDLE -> idle(one);
      case START -> start(one);
      case WORKER_START -> workerStart(one);
      case SIGNALS_1 -> signals(one, 1);
      case SIGNALS_16 -> signals(one, WARM_IN_FLIGHT);
      case DEV -> dev(one);
      case LATENCY -> latency(one);
      case PROGRESS -> progress(one);
      case STUCK -> stuck(one);
      case HOLD -> hold(one, 1, 19 * options.effort().connections() / 5);
      case HOLD_SIX -> hold(one, HELD_GATEWAYS, 20 * options.effort().connections());
      case MIXED -> mixed(one);
      case STORED -> new StoredCosts(options, load, keys, live).measure(one, settings());
    };
  }

  /** What a side is asked for in one round. */
  @FunctionalInterface
  private interface Asked {
    JsonObject order(Side side, long warmMs, long ms);
  }

  static JsonObject closed(Side side, int inFlight, long warmMs, long ms) {
    return side.order("closed").put("in_flight", inFlight).put("warm_ms", warmMs).put("ms", ms);
  }

  private List<Figure> rounds(BenchCase one, int sockets, Asked asked)
      throws IOException, InterruptedException {
    return rounds(one, sides, sockets, asked);
  }

  private List<Figure> rounds(BenchCase one, List<Side> some, int sockets, Asked asked)
      throws IOException, InterruptedException {
    var rounds = new Rounds(one, some.getFirst().name());
    var effort = options.effort();
    if (effort.onceMs() > 0) {
      for (var side : some) {
        // while others have their turn it would answer no ping
        load.open(side, side.open(sockets, token));
        rounds.add(side, load.order(asked.order(side, effort.warmMs(), effort.onceMs())));
        load.order(side.order("close"));
      }
      return rounds.figures(some);
    }
    open(some, sockets);
    long window = effort.windowMs();
    for (int i = 0; i < effort.rounds(); i++) {
      for (var side : some) {
        rounds.add(side, load.order(asked.order(side, window / 4, window)));
      }
    }
    closeSockets(some);
    return rounds.figures(some);
  }

  /** Each socket has a token of its own, which its server has seen before or not. */
  private List<Figure> connect(BenchCase one, UnaryOperator<String> token, boolean strangers)
      throws IOException {
    var rounds = new Rounds(one);
    var some = servers.stream().map(Server::first).toList();
    int sockets = options.effort().connections();
    var tokens = tokens(token, one + "-0-", sockets);
    if (!strangers) {
      for (var side : some) {
        load.order(side.open(sockets, tokens));
        load.order(side.order("close"));
      }
    }
    for (int i = 0; i < options.effort().rounds(); i++) {
      for (var side : some) {
        rounds.add(side, load.order(side.open(sockets, tokens)));
        load.order(side.order("close"));
      }
      if (strangers) {
        tokens = tokens(token, one + "-" + (i + 1) + "-", sockets);
      }
    }
    return rounds.figures(some);
  }

  private static List<String> tokens(UnaryOperator<String> token, String users, int number) {
    return IntStream.range(0, number).parallel().mapToObj(i -> token.apply(users + i)).toList();
  }

  /** On servers of its own: those that have worked keep memory that others left. */
  private List<Figure> idle(BenchCase one) throws IOException, InterruptedException {
    var rounds = new Rounds(one);
    var some = new ArrayList<Side>();
    for (var server : servers()) {
      try (server) {
        some.add(server.first());
        rounds.add(server.first(), idle(server.first()));
      }
    }
    return rounds.figures(some);
  }

  private JsonObject idle(Side side) throws IOException, InterruptedException {
    int sockets = options.effort().connections();
    // what is loaded and made once
    load.order(side.open(1, token));
    load.order(side.order("close"));
    long heap = ProcessUsage.live(side.pid());
    long resident = ProcessUsage.resident(side.pid());
    load.order(side.open(sockets, token));
    // rows, and what else a connection begins with
    load.order(side.order("rest").put("ms", options.effort().windowMs()));
    var said =
        new JsonObject()
            .put("heap_bytes", (double) (ProcessUsage.live(side.pid()) - heap) / sockets)
            .put("rss_bytes", (double) (ProcessUsage.resident(side.pid()) - resident) / sockets);
    load.order(side.order("close"));
    return said;
  }

  /** From the process to its port, again and again. */
  private List<Figure> start(BenchCase one) throws IOException {
    var sides = starts();
    var rounds = new Rounds(one);
    for (int i = 0; i < options.effort().rounds(); i++) {
      for (var side : sides.entrySet()) {
        rounds.add(side.getKey(), ready(side.getValue()));
      }
    }
    return rounds.figures(sides.sequencedKeySet());
  }

  /** What starts the gateway without an AOT cache, and with one as its image has it. */
  private SequencedMap<String, List<String>> starts() throws IOException {
    var scratch = options.scratch();
    var cache = scratch.resolve("gateway.aot");
    live.accept("recording what a start loads");
    AotCache.record(
        GatewayTraining::run,
        PackedGateway.command(options.home(), options.packed(), List.of()),
        cache,
        Files.createDirectories(scratch.resolve("training")));
    var starts = new LinkedHashMap<String, List<String>>();
    starts.put("no-cache", PackedGateway.command(options.home(), options.packed(), List.of()));
    starts.put(
        "aot-cache",
        PackedGateway.command(options.home(), options.packed(), List.of("-XX:AOTCache=" + cache)));
    return starts;
  }

  /** Who is turned away comes back, so that it counts and takes time. */
  private List<Figure> storm(BenchCase one) throws IOException {
    var sides = starts();
    var rounds = new Rounds(one, BARE, "per_second");
    for (int i = 0; i < options.effort().rounds(); i++) {
      var tokens = tokens(keys::rs256, one + "-" + i + "-", options.effort().connections());
      rounds.add(BARE, storm(Server.bare(options), tokens));
      for (var side : sides.entrySet()) {
        var gateway = PackedGateway.start(side.getValue(), options.memoryBytes(), settings());
        rounds.add(side.getKey(), storm(Server.of("", gateway), tokens));
      }
    }
    return rounds.figures(
        Stream.concat(Stream.of(BARE), sides.sequencedKeySet().stream()).toList());
  }

  private JsonObject storm(Server server, List<String> tokens) throws IOException {
    try (server) {
      var side = server.first();
      long cpu = ProcessUsage.cpuMicros(side.pid());
      var said =
          load.order(
              side.open(tokens.size(), tokens).put("do", "hold").put("ms", 0).put("every_ms", 1));
      return new JsonObject()
          .put("cpu_us", (double) (ProcessUsage.cpuMicros(side.pid()) - cpu) / tokens.size())
          .put("per_second", said.getDouble("per_second"))
          .put("turned_away", said.getDouble("turned_away"))
          .put("unopened", said.getDouble("unopened"));
    }
  }

  /** All in one process on either side, and on its own: pings wait while the other is asked. */
  private List<Figure> emulated(BenchCase one) throws IOException, InterruptedException {
    var rounds = new Rounds(one, "hops");
    try (var hops = Server.hops();
        var emulated = Server.emulated(options)) {
      var some = List.of(hops.first(), emulated.first());
      warm(some);
      for (int i = 0; i < options.effort().rounds(); i++) {
        for (var side : some) {
          load.open(side, side.open(SOCKETS, token));
          long window = options.effort().windowMs();
          rounds.add(side, load.order(closed(side, 1, window / 4, window)));
          load.order(side.order("close"));
        }
      }
      return rounds.figures(some);
    }
  }

  private JsonObject ready(List<String> command) throws IOException {
    long begun = System.nanoTime();
    try (var gateway = PackedGateway.start(command, options.memoryBytes(), settings())) {
      return new JsonObject()
          .put("ready_ms", (System.nanoTime() - begun) / 1e6)
          .put("cpu_ms", ProcessUsage.cpuMicros(gateway.pid()) / 1e3)
          .put("rss_bytes", (double) ProcessUsage.resident(gateway.pid()));
    }
  }

  /** Up to the first claim, again and again. */
  private List<Figure> workerStart(BenchCase one) throws IOException {
    live.accept("recording what a worker loads");
    var starts = WorkerStarts.prepare(options);
    var rounds = new Rounds(one, WorkerStarts.EMPTY, WorkerStarts.COST);
    for (int i = 0; i < options.effort().rounds(); i++) {
      for (var side : starts.sides()) {
        rounds.add(side, starts.once(side));
      }
    }
    return rounds.figures(starts.sides());
  }

  /**
   * Gateways that differ in their settings alone. Those that are compared follow one another in a
   * round, forwards and backwards in turn, and the rounds are more and shorter.
   */
  private List<Figure> signals(BenchCase one, int inFlight)
      throws IOException, InterruptedException {
    var rounds = new Rounds(one, SignalSides.OFF);
    var figures = new ArrayList<Figure>();
    try (var compared = SignalSides.start(options, settings())) {
      for (var action : Server.ACTIONS) {
        warm(compared.of(action));
      }
      for (var action : Server.ACTIONS) {
        var some = compared.of(action);
        warm(some);
        for (var side : some) {
          load.open(side, side.open(SOCKETS, token));
        }
        long window = options.effort().windowMs() / 2;
        for (int i = 0; i < 3 * options.effort().rounds(); i++) {
          for (var side : i % 2 == 0 ? some : some.reversed()) {
            rounds.add(side, load.order(closed(side, inFlight, window / 4, window)));
          }
        }
        closeSockets(some);
        figures.addAll(rounds.figures(some));
      }
    }
    return figures;
  }

  /** In parts: whoever answers no ping meanwhile is closed. */
  private void warm(List<Side> some) throws IOException, InterruptedException {
    for (var side : some) {
      load.open(side, side.open(SOCKETS, token));
    }
    for (int i = 0; i < WARM_PARTS; i++) {
      for (var side : some) {
        load.order(closed(side, WARM_IN_FLIGHT, options.effort().warmMs() / WARM_PARTS, 1));
      }
    }
    closeSockets(some);
  }

  /** Beside nobody: it is about whether they can be held, and what of them fails. */
  private List<Figure> dev(BenchCase one) throws IOException {
    int sockets = 2 * options.effort().connections();
    checkFiles(sockets);
    var rounds = new Rounds(one);
    try (var server = Server.dev(options)) {
      var side = server.first();
      long ms = options.effort().heldMs() / 10;
      rounds.add(side, load.order(held(side, sockets, ms, ms)));
      return rounds.figures(List.of(side));
    }
  }

  /** Beside the time that a stream is left alone, which stands between a job's row and its run. */
  private List<Figure> latency(BenchCase one) throws IOException, InterruptedException {
    var rounds = new Rounds(one);
    try (var server = Server.devWithJobs(options)) {
      var side = server.jobs().orElseThrow();
      long ms = options.effort().heldMs() / 10;
      open(List.of(side), SOCKETS);
      var order =
          side.order("jobs").put("per_second", JOB_RATE).put("warm_ms", ms / 3).put("ms", ms);
      rounds.add(side, load.order(order).put("poll_ms", (double) Stage.STREAM_POLL.toMillis()));
      closeSockets(List.of(side));
      return rounds.figures(List.of(side));
    }
  }

  /** Beside nobody, each gateway with clients in a process of their own. */
  private List<Figure> hold(BenchCase one, int gateways, int sockets) throws IOException {
    int each = sockets / gateways;
    checkFiles(each);
    var rounds = new Rounds(one);
    var sides = new ArrayList<Side>();
    var clients = new ArrayList<Load>();
    var begun = new ArrayList<AutoCloseable>();
    try {
      for (int i = 1; i <= gateways; i++) {
        var server = Server.gateway("-" + i, options.packed(), options, settings());
        begun.add(server);
        sides.add(server.first());
        clients.add(Load.start());
        begun.add(clients.getLast());
      }
      long ms = options.effort().heldMs();
      for (int i = 0; i < gateways; i++) {
        clients.get(i).begin(held(sides.get(i), each, ms, ms / HELD_QUESTIONS));
      }
      for (int i = 0; i < gateways; i++) {
        rounds.add(sides.get(i), clients.get(i).end());
      }
      return rounds.figures(sides);
    } finally {
      close(begun);
    }
  }

  /** Beside nobody: it is about what grows. What is taken at most is measured first. */
  private List<Figure> mixed(BenchCase one) throws IOException, InterruptedException {
    var rounds = new Rounds(one);
    try (var server = Server.staged(options)) {
      var side = server.first();
      var effort = options.effort();
      load.order(side.open(SOCKETS, token).put("do", "mixed-open"));
      double most =
          load.order(
                  side.order("mixed-closed")
                      .put("warm_ms", effort.warmMs())
                      .put("ms", 10 * effort.windowMs()))
              .getDouble("per_second");
      long ms = effort.mixedMs();
      load.begin(
          side.open(SOCKETS, token)
              .put("do", "mixed-rate")
              .put("per_second", MIXED_SHARE * most)
              .put("ms", ms));
      // a look takes most of a second
      int looks = Math.clamp(ms / 1_000, 3, LOOKS);
      var growth = Growth.of(side.pid(), looks, ms - ms / looks);
      rounds.add(side, load.end().put("most_per_second", most).mergeIn(growth.said()));
      return rounds.figures(List.of(side));
    }
  }

  /** As many frames as an action sends that asks for no more, and as many as one may. */
  private List<Figure> progress(BenchCase one) throws IOException, InterruptedException {
    var rounds = new Rounds(one, "at-10");
    try (var server = Server.staged(options)) {
      var some = server.sides().subList(1, server.sides().size());
      long ms = options.effort().heldMs() / 10;
      long last = ms / REPORT_MS;
      for (var side : some) {
        var asked = new JsonObject().put("to", last).put("every_ms", REPORT_MS);
        // a user of its own: both ask under the same ids
        var user = List.of(keys.es256(side.name()));
        load.open(side, side.open(SOCKETS, user).put("payload", asked.encode()));
        load.begin(
            side.order("progress").put("jobs", REPORTING_JOBS).put("to", last).put("ms", ms));
        var growth = Growth.of(side.pid(), FEW_LOOKS, ms - ms / FEW_LOOKS);
        rounds.add(side, load.end().mergeIn(growth.said()));
        load.order(side.order("close"));
      }
      return rounds.figures(some);
    }
  }

  /**
   * The same questions twice in each round: while all sockets read, and while a tenth of them,
   * which ask for more, has stopped and is closed for it.
   */
  private List<Figure> stuck(BenchCase one) throws IOException, InterruptedException {
    var rounds = new Rounds(one, "before", "p99_us");
    var settings = settings();
    long ms = Math.max(LEAST_STUCK_MS, options.effort().heldMs() / 20);
    // who has not read for two of them is closed
    long heartbeat = ms / 5;
    settings.put("STREAMER_HEARTBEAT", heartbeat + "ms");
    int some = Math.max(2, options.effort().connections() / 50);
    try (var server = Server.gateway("", options.packed(), options, settings)) {
      var side = server.first();
      load.order(side.open(some, token).put("do", "stuck-open"));
      load.open(side, side.open(9 * some, token));
      var asked =
          side.order("rate").put("per_second", 9 * some * STUCK_RATE).put("warm_ms", ms / 10);
      for (int i = 0; i < (options.effort().rounds() + 1) / 2; i++) {
        rounds.add("before", watched(side, asked.copy().put("ms", ms)));
        load.order(side.order("stuck-stop"));
        var during = watched(side, asked.copy().put("ms", ms));
        var back = load.order(side.order("stuck-back").put("ms", ms + BACK_MS));
        rounds.add("stuck", during.mergeIn(back));
      }
      load.order(side.order("stuck-close"));
      load.order(side.order("close"));
      return rounds.figures(List.of("before", "stuck"));
    }
  }

  /** With the most that the server's process was seen to hold meanwhile. */
  private JsonObject watched(Side side, JsonObject order) throws IOException, InterruptedException {
    long until = System.nanoTime() + order.getLong("ms") * 1_000_000;
    load.begin(order);
    long most = 0;
    while (System.nanoTime() < until) {
      most = Math.max(most, ProcessUsage.resident(side.pid()));
      Thread.sleep(LOOK_MS);
    }
    return load.end().put("most_rss_bytes", (double) most);
  }

  private JsonObject held(Side side, int sockets, long ms, long everyMs) {
    return side.open(sockets, token).put("do", "hold").put("ms", ms).put("every_ms", everyMs);
  }

  private static void checkFiles(int sockets) throws IOException {
    if (ProcessUsage.mostFiles() < sockets + OTHER_FILES) {
      throw new IOException(
          "%,d sockets need %,d open files, and a process may have %,d: raise `ulimit -n`"
              .formatted(sockets, sockets + OTHER_FILES, ProcessUsage.mostFiles()));
    }
  }

  private void open(List<Side> some, int sockets) throws IOException, InterruptedException {
    for (var side : some) {
      load.open(side, side.open(sockets, token));
    }
  }

  private void closeSockets(List<Side> some) throws IOException {
    for (var side : some) {
      load.order(side.order("close"));
    }
  }

  @Override
  public void close() throws IOException {
    close(running);
  }

  static void close(Collection<AutoCloseable> some) throws IOException {
    for (var one : some) {
      try {
        one.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("ending the bench", e);
      }
    }
  }
}
