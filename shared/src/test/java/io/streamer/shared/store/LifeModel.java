package io.streamer.shared.store;

import io.streamer.shared.job.Due;
import io.streamer.shared.job.Due.Decision;
import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.LifeWorld.Actor;
import io.streamer.shared.store.LifeWorld.Client;
import io.streamer.shared.store.LifeWorld.World;
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
final class LifeModel {
  static final long NOW = 1_732_152_000_000L;
  static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW));
  static final Tables TABLES = new Tables("m");

  private final Bound bound;
  private final Due due;
  private final LifeWorker worker;
  private final EventCalls events = new EventCalls(TABLES);
  private final LifeWorld worlds = new LifeWorld();
  private final LifeCalls calls = new LifeCalls(worlds, events);
  private final JobCalls jobs = new JobCalls(TABLES, LIMITS, CLOCK);
  private final DueCalls dues = new DueCalls(TABLES, LIMITS, CLOCK);

  /**
   * How much may happen.
   *
   * @param handsOn whether a run may go on in another invocation
   * @param leaves how often the client may lose its connection
   * @param late whether one request of a worker may be done long after it was given up
   */
  record Bound(
      int workers,
      int lookers,
      int attempts,
      boolean handsOn,
      boolean cancels,
      Leaves leaves,
      boolean late) {}

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
            Optional.of(LifeCalls.route(0)));
    LifeCalls.run(tables, jobs.submit(routed));
    return worlds.start(tables, bound.workers(), bound.lookers(), bound.late());
  }

  Job job(World world) {
    return worlds.job(world.row());
  }

  boolean settled(World world) {
    var job = job(world);
    var client = world.client();
    return job.status().terminal()
        && job.dueAt().isEmpty()
        && client.live()
        && client.answer() < 0
        && client.ended() == job.seq();
  }

  /** Breaks of a promise that a state shows by itself; empty if there are none. */
  Optional<String> broken(World world) {
    var job = job(world);
    var client = world.client();
    if (client.ended() != 0) {
      if (!job.status().terminal() || client.ended() != job.seq()) {
        return Optional.of("a terminal frame that is not the job's");
      }
      var all = calls.read(world, "all", () -> events.after(job, 0, 1 << 20));
      if (!Client.FRESH.applyAll(all.events()).events().equals(client.events())) {
        return Optional.of("events missing or doubled");
      }
    }
    var told =
        client.live()
            && client.answer() < 0
            && job.route().equals(Optional.of(LifeCalls.route(client)));
    return told && job.dueAt().isEmpty() && client.ended() == 0
        ? Optional.of("nobody looks after a job whose end was not told")
        : Optional.empty();
  }

  /** Everything that may happen next. */
  void moves(World world, Consumer<World> to) {
    to.accept(worlds.later(world));
    if (world.late() >= 0) {
      to.accept(worlds.done(world));
    }
    client(world, to);
    for (int i = 0; i < world.workers().size(); i++) {
      worker.moves(world, i, to);
    }
    for (int i = 0; i < world.lookers().size(); i++) {
      looker(world, i, to);
    }
    canceller(world, to);
  }

  private void client(World world, Consumer<World> to) {
    var client = world.client();
    if (client.live()) {
      if (bound.leaves() == Leaves.ANY_TIME
          || (bound.leaves() == Leaves.ONCE && client.connection() == 0)) {
        to.accept(world.withClient(client.cut()));
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
        to.accept(world.withClient(client.answered().applyAll(frames)));
      }
      return;
    }
    var next = client.reconnect();
    calls.call(
        world,
        "attach " + next.connection(),
        () -> jobs.attach(job(world).id(), "acme#ann", LifeCalls.route(next)),
        (after, attachment) -> {
          if (attachment.isPresent() && attachment.get() instanceof Attachment.Attached(var job)) {
            to.accept(after.withClient(next.asked(worlds.id(job))));
          } else {
            to.accept(after);
          }
        });
  }

  private void looker(World world, int i, Consumer<World> to) {
    var looker = world.lookers().get(i);
    if (looker.pc() == 0) {
      if (!(due.decide(job(world), NOW) instanceof Decision.Nothing)) {
        to.accept(world.withLooker(i, new Actor(1, world.row())));
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
                            after.withLooker(i, new Actor(2, worlds.id(ended)));
                      }));
      case Decision.LookLater(var at) ->
          calls.call(
              world,
              "later " + looker.image(),
              () -> dues.lookLater(job, at),
              (after, done) ->
                  to.accept(done.isPresent() ? after.withLooker(i, Actor.IDLE) : after));
      case Decision.AskToStop _ -> throw new IllegalStateException("nobody leaves for good");
      case Decision.Deliver _ -> to.accept(world.withLooker(i, new Actor(2, looker.image())));
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
                  case Cancelled.Ended(var job) ->
                      after.withCanceller(new Actor(2, worlds.id(job)));
                  case Cancelled.Asked _, Cancelled.TooLate _ -> after.withCanceller(Actor.IDLE);
                }));
  }

  /** Pushes the end, then lets the job leave {@code due}. */
  private void tell(World world, Actor actor, BiConsumer<World, Actor> to) {
    var job = worlds.job(actor.image());
    if (actor.pc() == 2) {
      var frame = job.terminalFrame(Optional.empty()).orElseThrow();
      to.accept(calls.push(calls.repeat(world, job), job, frame), new Actor(3, actor.image()));
    } else {
      calls.call(
          world,
          "delivered " + actor.image(),
          () -> jobs.delivered(job),
          (after, done) -> to.accept(after, done.isPresent() ? Actor.IDLE : actor));
    }
  }
}
