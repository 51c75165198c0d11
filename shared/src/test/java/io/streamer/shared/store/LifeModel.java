package io.streamer.shared.store;

import io.streamer.shared.job.Due;
import io.streamer.shared.job.Due.Decision;
import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.LifeWorld.Actor;
import io.streamer.shared.store.LifeWorld.World;
import io.streamer.shared.store.due.Cancelled;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One job and all that may happen to it, step by step: two workers, two nodes that look after it, a
 * gateway that cancels it and a client that comes and goes. Everybody may stop for ever between two
 * requests, and every answer may be lost; then the same call is made again, or never. Messages that
 * start a worker are lost, late and doubled. All rules are the production code's.
 */
public final class LifeModel {
  public static final long NOW = 1_732_152_000_000L;
  static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  public static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW));
  public static final Tables TABLES = new Tables("m");

  private final Bound bound;
  private final Due due;
  private final LifeWorker worker;
  private final EventCalls events = new EventCalls(TABLES);
  private final LifeWorld worlds = new LifeWorld();
  private final JobCalls jobs = new JobCalls(TABLES, LIMITS, CLOCK);
  private final LifeCalls calls = new LifeCalls(worlds, events, jobs);
  private final Ownership ownership = new Ownership(TABLES, LIMITS, CLOCK);
  private final LifeTabs tabs = new LifeTabs(worlds, calls, events, ownership);
  private final DueCalls dues = new DueCalls(TABLES, LIMITS, CLOCK);

  /**
   * How much may happen.
   *
   * @param handsOn whether a run may go on in another invocation
   * @param leaves how often the client may lose its connection
   * @param late whether one request of a worker may be done long after it was given up
   * @param tabs who else sends the request
   */
  record Bound(
      int workers,
      int lookers,
      int attempts,
      boolean handsOn,
      boolean cancels,
      Leaves leaves,
      boolean late,
      Tabs tabs) {
    Bound(
        int workers,
        int lookers,
        int attempts,
        boolean handsOn,
        boolean cancels,
        Leaves leaves,
        boolean late) {
      this(workers, lookers, attempts, handsOn, cancels, leaves, late, Tabs.ONE);
    }

    Bound with(Tabs more) {
      return new Bound(workers, lookers, attempts, handsOn, cancels, leaves, late, more);
    }
  }

  enum Tabs {
    ONE,
    /** Another client does, and the first again. */
    TWO_IN_TURN,
    /** Another client does, and whoever answers it may stop for ever, once. */
    TWO_AND_A_CRASH,
    /** Another client does, and one subscription may be put late, or once more. */
    TWO_AND_A_LATE_ROW
  }

  enum Leaves {
    NEVER,
    ONCE,
    ANY_TIME
  }

  LifeModel(Bound bound) {
    this.bound = bound;
    this.due = Due.of(LIMITS.lease(), LIMITS.dueAfter(), LIMITS.retention(), _ -> bound.attempts());
    this.worker = new LifeWorker(bound, worlds, calls, jobs);
  }

  World start() {
    var tables = new MemoryTables(Map.of());
    var request = Jobs.request("run-1", "{}", Map.of());
    var routed =
        new NewJob(
            request.run(),
            request.caller(),
            request.requestId(),
            request.action(),
            request.payload(),
            Map.of(),
            Optional.empty(),
            Optional.of(LifeCalls.route(0)),
            Options.NONE,
            Optional.empty());
    LifeCalls.run(tables, jobs.submit(routed));
    return worlds.start(tables, bound);
  }

  Job job(World world) {
    return worlds.job(world.row());
  }

  boolean settled(World world) {
    var job = job(world);
    return job.status().terminal()
        && job.dueAt().isEmpty()
        && worlds.subscriptions(world).isEmpty()
        && world.clients().stream()
            .allMatch(client -> waits(client) && client.ended() == job.seq());
  }

  /** Whether it was told that it gets the job's frames. */
  private static boolean waits(LifeClient client) {
    return client.live() && client.acked() && client.answer() < 0;
  }

  /** Breaks of a promise that a state shows by itself; empty if there are none. */
  Optional<String> broken(World world) {
    return world.clients().stream().flatMap(client -> broken(world, client).stream()).findFirst();
  }

  private Optional<String> broken(World world, LifeClient client) {
    var job = job(world);
    if (client.ended() != 0) {
      if (!job.status().terminal() || client.ended() != job.seq()) {
        return Optional.of("a terminal frame that is not the job's");
      }
      var all = calls.read(world, "all", () -> events.after(job, 0, 1 << 20));
      if (!LifeClient.FIRST.applyAll(all.events()).events().equals(client.events())) {
        return Optional.of("events missing or doubled");
      }
    }
    return Ownership.told(job) && waits(client) && client.ended() == 0
        ? Optional.of("nobody looks after a job whose end was not told")
        : Optional.empty();
  }

  /** Everything that may happen next. */
  void moves(World world, Consumer<World> to) {
    to.accept(worlds.later(world));
    if (world.late() >= 0) {
      to.accept(worlds.done(world));
    }
    for (int i = 0; i < world.clients().size(); i++) {
      client(world, i, to);
    }
    if (bound.tabs() != Tabs.ONE) {
      tabs.moves(world, to);
    }
    for (int i = 0; i < world.workers().size(); i++) {
      worker.moves(world, i, to);
    }
    for (int i = 0; i < world.lookers().size(); i++) {
      looker(world, i, to);
    }
    canceller(world, to);
  }

  private void client(World world, int i, Consumer<World> to) {
    var client = world.clients().get(i);
    if (client.live()) {
      if (bound.leaves() == Leaves.ANY_TIME
          || (bound.leaves() == Leaves.ONCE && client.connection() % 2 == 0)) {
        to.accept(world.withClient(i, client.cut()));
      }
      if (client.answer() >= 0) {
        var job = worlds.job(client.answer());
        var missed =
            calls
                .read(
                    world,
                    "after " + client.applied() + " " + client.answer(),
                    () -> events.after(job, client.applied(), 1 << 20))
                .events();
        var frames = new ArrayList<ServerFrame>(missed);
        job.terminalFrame(Optional.empty()).ifPresent(frames::add);
        frames.addAll(client.held());
        to.accept(world.withClient(i, client.answered().applyAll(frames)));
      }
      return;
    }
    var next = client.reconnect();
    if (!client.acked() && client.applied() == 0) {
      // it knows of no job, and sends its request again
      to.accept(world.withClient(i, next));
      return;
    }
    calls.call(
        world,
        "attach " + next.connection(),
        () ->
            ownership.attach(
                job(world).id(), Jobs.ANN, LifeCalls.route(next.connection()), _ -> false),
        (after, attachment) -> {
          if (attachment.isPresent() && attachment.get() instanceof Attachment.Attached(var job)) {
            to.accept(after.withClient(i, next.asked(worlds.seen(worlds.id(job)))));
          } else {
            to.accept(after);
          }
        });
  }

  private void looker(World world, int i, Consumer<World> to) {
    var looker = world.lookers().get(i);
    if (looker.pc() == 0) {
      if (!(due.decide(job(world), NOW) instanceof Decision.Nothing)) {
        to.accept(world.withLooker(i, worlds.actor(1, world, job(world))));
      }
      return;
    }
    to.accept(world.withLooker(i, Actor.IDLE));
    var job = worlds.job(looker.image());
    if (looker.pc() > 1) {
      tell(world, looker, (after, actor) -> to.accept(after.withLooker(i, actor)));
      return;
    }
    var nonce = "d" + i + "#" + job.epoch() + "#" + job.attempt() + job.status();
    switch (due.decide(job, NOW)) {
      case Decision.Nothing _ -> {}
      case Decision.Start start ->
          calls.call(
              world,
              "start " + i + " " + looker.image(),
              () -> dues.start(job, start, nonce),
              (after, kept) ->
                  to.accept(kept.isPresent() ? after.withLooker(i, Actor.IDLE) : after));
      case Decision.End end ->
          calls.call(
              world,
              "end " + i + " " + looker.image(),
              () -> dues.end(job, end, nonce),
              (after, kept) ->
                  to.accept(
                      switch (kept.orElse(null)) {
                        case null -> after;
                        case Kept.Lost _ -> after.withLooker(i, Actor.IDLE);
                        case Kept.Still(var ended) ->
                            after.withLooker(i, worlds.actor(2, after, ended));
                      }));
      case Decision.LookLater(var at) ->
          calls.call(
              world,
              "later " + looker.image(),
              () -> dues.lookLater(job, at),
              (after, done) ->
                  to.accept(done.isPresent() ? after.withLooker(i, Actor.IDLE) : after));
      case Decision.AskToStop _ -> throw new IllegalStateException("nobody leaves for good");
      case Decision.Deliver _ -> to.accept(world.withLooker(i, looker.at(2)));
      case Decision.Sweep _ -> {
        // no request is later than that
        if (world.late() < 0) {
          calls.call(
              world,
              "sweep " + looker.image(),
              () -> dues.sweep(job),
              (after, done) ->
                  to.accept(done.isPresent() ? after.withLooker(i, Actor.IDLE) : after));
        }
      }
    }
  }

  private void canceller(World world, Consumer<World> to) {
    var gateway = world.canceller();
    if (gateway.pc() > 0) {
      to.accept(world.withCanceller(Actor.IDLE));
      tell(world, gateway, (after, actor) -> to.accept(after.withCanceller(actor)));
      return;
    }
    if (!bound.cancels() || world.cancelled()) {
      return;
    }
    calls.call(
        world,
        "cancel",
        () -> dues.cancel(job(world), "g"),
        (after, cancelled) ->
            to.accept(
                switch (cancelled.orElse(null)) {
                  case null -> after;
                  case Cancelled.Ended(var job) -> after.withCanceller(worlds.actor(2, after, job));
                  case Cancelled.Asked _, Cancelled.TooLate _ -> after.withCanceller(Actor.IDLE);
                }));
  }

  /** Pushes the end, then lets the job leave {@code due}. */
  private void tell(World world, Actor actor, BiConsumer<World, Actor> to) {
    var job = worlds.job(actor.image());
    if (actor.pc() == 2) {
      var frame = job.terminalFrame(Optional.empty()).orElseThrow();
      var repeated = calls.repeat(world, job, actor.watchers());
      to.accept(calls.push(repeated, job, actor.watchers(), frame), actor.at(3));
    } else {
      calls.call(
          world,
          "delivered " + actor.image() + " " + actor.watchers(),
          () -> calls.delivered(job, actor.watchers()),
          (after, done) -> to.accept(after, done.isPresent() ? Actor.IDLE : actor));
    }
  }
}
