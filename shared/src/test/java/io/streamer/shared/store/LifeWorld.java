package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame;
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
  private final List<Request> late = new ArrayList<>();

  /** Somebody at a step of its work, with the job as it last saw it. */
  record Actor(int pc, int image) {
    static final Actor IDLE = new Actor(0, -1);
  }

  /**
   * The one who waits for the job.
   *
   * @param answer the job as its attach found it, until that is answered; else -1
   * @param held frames that came before the answer
   * @param ended the terminal frame's number
   */
  record Client(
      int connection,
      boolean live,
      int answer,
      List<ServerFrame> held,
      long applied,
      List<Long> events,
      long ended) {
    static final Client FRESH = new Client(0, true, -1, List.of(), 0, List.of(), 0);

    Client cut() {
      return new Client(connection, false, -1, List.of(), applied, events, ended);
    }

    Client reconnect() {
      return new Client(1 - connection, true, -1, List.of(), applied, events, ended);
    }

    Client asked(int image) {
      return new Client(connection, true, image, List.of(), applied, events, ended);
    }

    Client answered() {
      return new Client(connection, true, -1, List.of(), applied, events, ended);
    }

    Client receive(ServerFrame frame) {
      if (answer < 0) {
        return apply(frame);
      }
      var more = new ArrayList<>(held);
      more.add(frame);
      return more.size() > 4
          ? cut()
          : new Client(connection, live, answer, List.copyOf(more), applied, events, ended);
    }

    Client applyAll(List<? extends ServerFrame> frames) {
      var client = this;
      for (var frame : frames) {
        client = client.apply(frame);
      }
      return client;
    }

    private Client apply(ServerFrame frame) {
      var seq = seq(frame);
      if (ended != 0 && seq > ended) {
        throw new AssertionError("a frame above the terminal one arrived: " + frame);
      }
      if (ended != 0 || seq <= applied) {
        return this;
      }
      var all = new ArrayList<>(events);
      var end = 0L;
      switch (frame) {
        case ServerFrame.Event _ -> all.add(seq);
        case ServerFrame.Rewind(_, _, _, var after) -> all.removeIf(event -> event > after);
        case ServerFrame _ -> end = seq;
      }
      return new Client(connection, live, answer, held, seq, List.copyOf(all), end);
    }
  }

  /** Where everything stands; {@code late} is a request that may still be done, or one of these. */
  record World(
      int row,
      List<Integer> data,
      List<Actor> workers,
      List<Actor> lookers,
      Actor canceller,
      boolean cancelled,
      Client client,
      boolean start,
      int late) {
    static final int NONE_LATE = -1;
    static final int NONE_LATE_ANY_MORE = -2;

    World withLate(int next) {
      return new World(row, data, workers, lookers, canceller, cancelled, client, start, next);
    }

    World withWorker(int i, Actor actor) {
      return new World(
          row,
          data,
          replaced(workers, i, actor),
          lookers,
          canceller,
          cancelled,
          client,
          start,
          late);
    }

    World withLooker(int i, Actor actor) {
      return new World(
          row,
          data,
          workers,
          replaced(lookers, i, actor),
          canceller,
          cancelled,
          client,
          start,
          late);
    }

    World withCanceller(Actor actor) {
      return new World(row, data, workers, lookers, actor, true, client, start, late);
    }

    World withClient(Client next) {
      return new World(row, data, workers, lookers, canceller, cancelled, next, start, late);
    }
  }

  World start(MemoryTables tables, int workers, int lookers, boolean late) {
    var idle =
        new World(
            -1,
            List.of(),
            Collections.nCopies(workers, Actor.IDLE),
            Collections.nCopies(lookers, Actor.IDLE),
            Actor.IDLE,
            false,
            Client.FRESH,
            false,
            late ? World.NONE_LATE : World.NONE_LATE_ANY_MORE);
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
        world.client(),
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
        world.client(),
        world.start(),
        world.late());
  }

  /** The world in which this request was given up and may still be done. */
  World withLate(World world, Request request) {
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
      var item = item(id);
      all.put(
          new Item.Builder().put("job", item.text("job")).put("part", item.text("part")).build(),
          item);
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
    return actor.image() < 0 ? actor : new Actor(actor.pc(), past(actor.image()));
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

  private static List<Actor> replaced(List<Actor> actors, int i, Actor actor) {
    var changed = new ArrayList<>(actors);
    changed.set(i, actor);
    return List.copyOf(changed);
  }
}
