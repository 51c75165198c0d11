package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.LifeWorld.World;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Executes the production calls on the worlds of a {@link LifeModel}. */
final class LifeCalls {
  private final LifeWorld worlds;
  private final EventCalls events;
  private final JobCalls jobs;
  private final SubscriptionCalls subscriptions =
      new SubscriptionCalls(LifeModel.TABLES, LifeModel.LIMITS, LifeModel.CLOCK);
  private final Map<Asked, List<End>> remembered = new HashMap<>();

  LifeCalls(LifeWorld worlds, EventCalls events, JobCalls jobs) {
    this.worlds = worlds;
    this.events = events;
    this.jobs = jobs;
  }

  /**
   * Makes a call as far as each of its requests, without an answer, and to its end. What comes of
   * it is remembered: most of what differs between two worlds does not matter to the tables.
   *
   * @param name with what it depends on besides the tables
   */
  <T> void call(
      World world, String name, Supplier<Call<T>> call, BiConsumer<World, Optional<T>> to) {
    for (var end : ends(new Asked(name, world.row(), world.data()), world, call)) {
      // the name stands for the type
      @SuppressWarnings("unchecked")
      var value = (Optional<T>) end.value();
      to.accept(worlds.moved(world, end.row(), end.data()), value);
    }
  }

  /** The same, and of each outcome the one in which its last update may be done once more, late. */
  <T> void callOrLate(
      World world, String name, Supplier<Call<T>> call, BiConsumer<World, Optional<T>> to) {
    orLate(world, name, call, End::update, to);
  }

  /**
   * The same of the subscription that it puts; that may be done late for the first time, too, when
   * it was given up.
   */
  <T> void callOrLateRow(
      World world, String name, Supplier<Call<T>> call, BiConsumer<World, Optional<T>> to) {
    orLate(world, name, call, End::put, to);
  }

  private <T> void orLate(
      World world,
      String name,
      Supplier<Call<T>> call,
      Function<End, Optional<StoreRequest>> late,
      BiConsumer<World, Optional<T>> to) {
    call(world, name, call, to);
    if (world.late() != World.NONE_LATE) {
      return;
    }
    for (var end : ends(new Asked(name, world.row(), world.data()), world, call)) {
      if (late.apply(end).isPresent()) {
        // the name stands for the type
        @SuppressWarnings("unchecked")
        var value = (Optional<T>) end.value();
        var moved = worlds.moved(world, end.row(), end.data());
        to.accept(worlds.withLate(moved, late.apply(end).get()), value);
      }
    }
  }

  private record Asked(String name, int row, List<Integer> data) {}

  private record End(
      int row,
      List<Integer> data,
      Optional<?> value,
      Optional<StoreRequest> update,
      Optional<StoreRequest> put) {}

  private <T> List<End> ends(Asked asked, World world, Supplier<Call<T>> call) {
    var known = remembered.get(asked);
    if (known != null) {
      return known;
    }
    var ends = new ArrayList<End>();
    var tables = worlds.tables(world);
    var step = call.get();
    var before = world;
    var update = Optional.<StoreRequest>empty();
    var put = Optional.<StoreRequest>empty();
    while (step instanceof Call.Ask<T>(var request, var next)) {
      if (request instanceof StoreRequest.Put(var table, _, _)
          && table.equals(LifeModel.TABLES.subscriptions())) {
        put = Optional.of(request);
        ends.add(new End(before.row(), before.data(), Optional.empty(), update, put));
      }
      var answer = tables.send(request);
      if (request instanceof StoreRequest.Update) {
        update = Optional.of(request);
      }
      var after = worlds.after(world, tables);
      if (after.row() != before.row() || !after.data().equals(before.data())) {
        ends.add(new End(after.row(), after.data(), Optional.empty(), update, put));
      }
      before = after;
      step = next.apply(answer);
    }
    ends.add(
        new End(
            before.row(), before.data(), Optional.of(((Call.Done<T>) step).value()), update, put));
    remembered.put(asked, ends);
    return ends;
  }

  /** What a read gives. */
  <T> T read(World world, String name, Supplier<Call<T>> call) {
    var ends = ends(new Asked(name, world.row(), world.data()), world, call);
    // the name stands for the type
    @SuppressWarnings("unchecked")
    var value = (T) ends.getLast().value().orElseThrow();
    return value;
  }

  /** Pushes the events that were stored last: nobody may have done so. */
  World repeat(World world, Job seen, int watchers) {
    var told = world;
    for (var event : read(world, "newest " + seen.eventSeq(), () -> events.newest(seen))) {
      told = push(told, seen, watchers, event);
    }
    return told;
  }

  World push(World world, Job seen, int watchers, ServerFrame frame) {
    var row = worlds.job(world.row());
    if (row.status().terminal() && LifeWorld.seq(frame) > row.seq()) {
      throw new AssertionError("a frame above the terminal one: " + frame);
    }
    var told = world;
    for (int i = 0; i < world.clients().size(); i++) {
      var client = world.clients().get(i);
      var reached =
          seen.route().equals(Optional.of(route(client.connection())))
              || (watchers & 1 << client.connection()) != 0;
      if (client.live() && reached) {
        told = told.withClient(i, client.receive(frame));
      }
    }
    return told;
  }

  /** Takes the subscriptions away, then lets the job leave {@code due}. */
  Call<Boolean> delivered(Job told, int watchers) {
    var call = Call.done(true);
    for (int i = 0; watchers >> i != 0; i++) {
      var connection = "c" + i;
      if ((watchers & 1 << i) != 0) {
        call = call.then(_ -> subscriptions.delete(SubscriptionCalls.topic(told.id()), connection));
      }
    }
    return call.then(_ -> jobs.delivered(told));
  }

  static Route route(int connection) {
    return new Route("c" + connection, "node:n1", 1_999_999_999L);
  }

  static <T> T run(MemoryTables tables, Call<T> call) {
    var step = call;
    while (step instanceof Call.Ask<T>(var request, var next)) {
      step = next.apply(tables.send(request));
    }
    return ((Call.Done<T>) step).value();
  }
}
