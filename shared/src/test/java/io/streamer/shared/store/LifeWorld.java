package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** States of a {@link LifeModel}, small and comparable: items are numbered. */
final class LifeWorld {
  private static final long PAST = LifeModel.NOW - 15_000;
  private static final List<String> TIMES = List.of("dueAt", "leaseUntil");

  private final List<Item> items = new ArrayList<>();
  private final Map<Item, Integer> ids = new HashMap<>();
  private final Map<Integer, Job> jobs = new HashMap<>();
  private final IdentityHashMap<Job, Integer> images = new IdentityHashMap<>();
  private final Map<Integer, Integer> later = new HashMap<>();
  private final Map<Integer, Integer> seen = new HashMap<>();
  private final List<StoreRequest> late = new ArrayList<>();

  /**
   * Somebody at a step of its work, with the job as it last saw it.
   *
   * @param watchers a bit for each connection that subscribed by then
   */
  record Actor(int pc, int image, int watchers) {
    static final Actor IDLE = new Actor(0, -1, 0);

    Actor at(int next) {
      return new Actor(next, image, watchers);
    }
  }

  /**
   * A request that is sent again, at a step of its answer.
   *
   * @param connection that it came from
   */
  record Repeat(int pc, int image, int connection) {
    static final Repeat NONE = new Repeat(0, -1, -1);
  }

  /**
   * Where everything stands.
   *
   * @param again how often the first client may still send its request again
   * @param crashes how often a task may still stop while it answers a repeated one
   * @param late a request that may still be done, or one of these
   */
  record World(
      int row,
      List<Integer> data,
      List<Actor> workers,
      List<Actor> lookers,
      Actor canceller,
      boolean cancelled,
      List<LifeClient> clients,
      Repeat repeat,
      int again,
      int crashes,
      boolean start,
      int late) {
    static final int NONE_LATE = -1;
    static final int NONE_LATE_ANY_MORE = -2;

    World withLate(int next) {
      return new World(
          row, data, workers, lookers, canceller, cancelled, clients, repeat, again, crashes, start,
          next);
    }

    World withWorker(int i, Actor actor) {
      return with(replaced(workers, i, actor), lookers, canceller, cancelled, clients);
    }

    World withLooker(int i, Actor actor) {
      return with(workers, replaced(lookers, i, actor), canceller, cancelled, clients);
    }

    World withCanceller(Actor actor) {
      return with(workers, lookers, actor, true, clients);
    }

    World withClient(int i, LifeClient next) {
      return with(workers, lookers, canceller, cancelled, replaced(clients, i, next));
    }

    World withRepeat(Repeat next, int nextAgain, int nextCrashes) {
      return new World(
          row,
          data,
          workers,
          lookers,
          canceller,
          cancelled,
          clients,
          next,
          nextAgain,
          nextCrashes,
          start,
          late);
    }

    private World with(
        List<Actor> nextWorkers,
        List<Actor> nextLookers,
        Actor nextCanceller,
        boolean nextCancelled,
        List<LifeClient> nextClients) {
      return new World(
          row,
          data,
          nextWorkers,
          nextLookers,
          nextCanceller,
          nextCancelled,
          nextClients,
          repeat,
          again,
          crashes,
          start,
          late);
    }
  }

  World start(MemoryTables tables, LifeModel.Bound bound) {
    var lateRow = bound.tabs() == LifeModel.Tabs.TWO_AND_A_LATE_ROW;
    var idle =
        new World(
            -1,
            List.of(),
            Collections.nCopies(bound.workers(), Actor.IDLE),
            Collections.nCopies(bound.lookers(), Actor.IDLE),
            Actor.IDLE,
            false,
            bound.tabs() == LifeModel.Tabs.ONE
                ? List.of(LifeClient.FIRST)
                : List.of(LifeClient.FIRST, LifeClient.SECOND),
            Repeat.NONE,
            bound.tabs() == LifeModel.Tabs.TWO_IN_TURN ? 1 : 0,
            bound.tabs() == LifeModel.Tabs.TWO_AND_A_CRASH ? 1 : 0,
            false,
            bound.late() || lateRow ? World.NONE_LATE : World.NONE_LATE_ANY_MORE);
    return after(idle, tables);
  }

  /** The world with the tables as they are now; a row that starts a worker is a message, too. */
  World after(World world, MemoryTables tables) {
    int row = -1;
    var data = new ArrayList<Integer>();
    for (var item : tables.items().values()) {
      if (item.has("jobId")) {
        row = id(item);
      } else {
        data.add(id(item));
      }
    }
    Collections.sort(data);
    if (row == world.row() && data.equals(world.data())) {
      return world;
    }
    return moved(world, row, List.copyOf(data));
  }

  /** The world with other tables: a message of an older epoch can start nobody any more. */
  World moved(World world, int row, List<Integer> data) {
    var same = world.row() >= 0 && epoch(row) == epoch(world.row());
    var starts = row != world.row() && item(row).has("start");
    return new World(
        row,
        data,
        world.workers(),
        world.lookers(),
        world.canceller(),
        world.cancelled(),
        world.clients(),
        world.repeat(),
        world.again(),
        world.crashes(),
        starts || (same && world.start()),
        world.late());
  }

  private long epoch(int row) {
    return item(row).whole("epoch");
  }

  /** The same world when every wait is over: long past each lease and each time to look. */
  World later(World world) {
    return new World(
        past(world.row()),
        world.data(),
        world.workers().stream().map(this::past).toList(),
        world.lookers().stream().map(this::past).toList(),
        past(world.canceller()),
        world.cancelled(),
        world.clients(),
        world.repeat(),
        world.again(),
        world.crashes(),
        world.start(),
        world.late());
  }

  /** The world in which this request was given up and may still be done. */
  World withLate(World world, StoreRequest request) {
    if (!late.contains(request)) {
      late.add(request);
    }
    return world.withLate(late.indexOf(request));
  }

  /** The world in which the request that was given up is done after all. */
  World done(World world) {
    var tables = tables(world);
    tables.send(late.get(world.late()));
    return after(world, tables).withLate(World.NONE_LATE_ANY_MORE);
  }

  MemoryTables tables(World world) {
    var all = new HashMap<Item, Item>();
    all.put(Item.of("jobId", row(world).text("jobId")), row(world));
    for (var id : world.data()) {
      all.put(MemoryTables.key(item(id)), item(id));
    }
    return new MemoryTables(all);
  }

  Item row(World world) {
    return item(world.row());
  }

  Item item(int id) {
    return items.get(id);
  }

  Job job(int id) {
    return jobs.computeIfAbsent(id, known -> JobItems.read(item(known)));
  }

  int id(Job job) {
    return images.computeIfAbsent(job, image -> id(JobItems.write(image)));
  }

  /** Somebody who has just seen the job so, and who watches it. */
  Actor actor(int pc, World world, Job job) {
    return new Actor(pc, id(job), watchers(world, job));
  }

  /** Those whom a holder of this image reads; nobody is read for where the image counts none. */
  int watchers(World world, Job job) {
    if (job.marks().watch() == 0) {
      return 0;
    }
    return subscriptions(world).stream()
        .mapToInt(item -> 1 << Integer.parseInt(item.text("connectionId").substring(1)))
        .reduce(0, (one, other) -> one | other);
  }

  List<Item> subscriptions(World world) {
    return world.data().stream().map(this::item).filter(item -> item.has("topic")).toList();
  }

  static long seq(ServerFrame frame) {
    return switch (frame) {
      case ServerFrame.Replayed replayed -> replayed.seq();
      case ServerFrame.ErrorFrame error when error.seq() != null -> error.seq();
      case ServerFrame _ -> throw new IllegalArgumentException("not numbered: " + frame);
    };
  }

  private int id(Item item) {
    return ids.computeIfAbsent(
        item,
        fresh -> {
          items.add(fresh);
          return items.size() - 1;
        });
  }

  private Actor past(Actor actor) {
    return actor.image() < 0 ? actor : new Actor(actor.pc(), past(actor.image()), actor.watchers());
  }

  /** The image without what nobody looks at who answers a request: fewer differ. */
  int seen(int id) {
    return seen.computeIfAbsent(
        id,
        _ -> {
          var less = new HashMap<>(item(id).attributes());
          less.remove("claim");
          less.remove("leaseUntil");
          less.computeIfPresent("dueAt", (_, _) -> Value.of(PAST));
          less.put("attempt", Value.of(1));
          if (!JobStatus.valueOf(item(id).text("status")).terminal()) {
            less.put("seq", Value.of(0));
          }
          return id(new Item(less));
        });
  }

  private int past(int id) {
    var known = later.get(id);
    if (known == null) {
      known = made(id);
      later.put(id, known);
    }
    return known;
  }

  private int made(int id) {
    var changed = new Item.Builder().putAll(item(id));
    for (var name : TIMES) {
      if (item(id).has(name)) {
        changed.put(name, PAST);
      }
    }
    return id(changed.build());
  }

  private static <T> List<T> replaced(List<T> all, int i, T one) {
    var changed = new ArrayList<>(all);
    changed.set(i, one);
    return List.copyOf(changed);
  }
}
