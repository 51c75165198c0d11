package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.LifeWorld.Repeat;
import io.streamer.shared.store.LifeWorld.World;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The request of a {@link LifeModel}'s job, sent again: by another client until it is acknowledged,
 * and by the first one besides. As behind API Gateway, where nothing holds frames back: what was
 * missed, the route, the end, and the acknowledgment last.
 */
final class LifeTabs {
  private static final int FOUND = 1;
  private static final int MISSED = 2;
  private static final int ALONE = 3;
  private static final int CAUGHT_UP = 4;
  private static final int RESUMED = 5;

  private final LifeWorld worlds;
  private final LifeCalls calls;
  private final EventCalls events;
  private final Ownership ownership;

  LifeTabs(LifeWorld worlds, LifeCalls calls, EventCalls events, Ownership ownership) {
    this.worlds = worlds;
    this.calls = calls;
    this.events = events;
    this.ownership = ownership;
  }

  void moves(World world, Consumer<World> to) {
    var repeat = world.repeat();
    if (repeat.equals(Repeat.NONE)) {
      begin(world, to);
      return;
    }
    if (world.crashes() > 0) {
      to.accept(world.withRepeat(Repeat.NONE, world.again(), world.crashes() - 1));
    }
    var job = worlds.job(repeat.image());
    switch (repeat.pc()) {
      case FOUND -> {
        if (Ownership.told(job)) {
          to.accept(done(push(world, repeat, missed(world, repeat, job)), repeat, job));
        } else if (job.eventSeq() == 0) {
          to.accept(at(world, ALONE, repeat.image()));
        } else if (ours(repeat, job)) {
          to.accept(at(world, MISSED, repeat.image()));
        } else {
          share(world, job, to);
        }
      }
      case MISSED -> {
        var told = push(world, repeat, missed(world, repeat, job));
        to.accept(at(told, CAUGHT_UP, repeat.image()));
      }
      case ALONE, CAUGHT_UP -> takeOver(world, job, to);
      case RESUMED -> to.accept(done(world, repeat, job));
      default -> throw new IllegalStateException("no such step");
    }
  }

  private void begin(World world, Consumer<World> to) {
    var second = world.clients().get(1);
    if (second.live() && !second.acked()) {
      var begun = new Repeat(FOUND, worlds.seen(world.row()), second.connection());
      to.accept(world.withRepeat(begun, world.again(), world.crashes()));
    }
    var first = world.clients().getFirst();
    if (first.live() && world.again() > 0) {
      var begun = new Repeat(FOUND, worlds.seen(world.row()), first.connection());
      to.accept(world.withRepeat(begun, world.again() - 1, world.crashes()));
    }
  }

  private void share(World world, Job job, Consumer<World> to) {
    calls.call(
        world,
        "share " + worlds.id(job),
        () -> ownership.share(job),
        (after, attachment) ->
            to.accept(
                attachment.isPresent()
                        && attachment.get() instanceof Attachment.Attached(var shared)
                    ? at(after, MISSED, worlds.id(shared))
                    : after));
  }

  private void takeOver(World world, Job job, Consumer<World> to) {
    var repeat = world.repeat();
    Supplier<Call<Resumption>> call =
        () -> ownership.takeOver(job, LifeCalls.route(repeat.connection()), _ -> false);
    var again = repeat.pc() == ALONE ? FOUND : MISSED;
    calls.callOrLateRow(
        world,
        "take over " + repeat.image() + " " + repeat.connection(),
        call,
        (after, resumption) ->
            to.accept(
                switch (resumption.orElse(null)) {
                  case null -> after;
                  case Resumption.Resumed(var row) -> at(after, RESUMED, worlds.id(row));
                  case Resumption.Behind(var row) -> at(after, again, worlds.id(row));
                  case Resumption.Unknown _ -> throw new AssertionError("the job is gone");
                }));
  }

  private World at(World world, int pc, int image) {
    return world.withRepeat(
        new Repeat(pc, worlds.seen(image), world.repeat().connection()),
        world.again(),
        world.crashes());
  }

  private List<ServerFrame> missed(World world, Repeat repeat, Job job) {
    return new ArrayList<>(
        calls
            .read(world, "missed " + repeat.image(), () -> events.after(job, 0, 1 << 20))
            .events());
  }

  /** Sends the end, if there is one, and acknowledges. */
  private static World done(World world, Repeat repeat, Job job) {
    var told = push(world, repeat, job.terminalFrame(Optional.empty()).stream().toList());
    for (int i = 0; i < told.clients().size(); i++) {
      var client = told.clients().get(i);
      if (client.live() && client.connection() == repeat.connection()) {
        told = told.withClient(i, client.acknowledged());
      }
    }
    return told.withRepeat(Repeat.NONE, told.again(), told.crashes());
  }

  private static World push(World world, Repeat repeat, List<ServerFrame> frames) {
    var told = world;
    for (int i = 0; i < world.clients().size(); i++) {
      var client = world.clients().get(i);
      if (client.live() && client.connection() == repeat.connection()) {
        for (var frame : frames) {
          client = client.receive(frame);
        }
        told = told.withClient(i, client);
      }
    }
    return told;
  }

  private static boolean ours(Repeat repeat, Job job) {
    return job.route().equals(Optional.of(LifeCalls.route(repeat.connection())));
  }
}
