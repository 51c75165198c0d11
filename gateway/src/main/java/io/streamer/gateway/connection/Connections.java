package io.streamer.gateway.connection;

import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Caller;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.table.Page;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Every connection of every task, for code that runs in the gateway: find, reach, end. Those of
 * this task are there from their first moment; direct ones of another task once it has written
 * their rows, a second or two later. Futures fail with {@link
 * io.streamer.shared.table.StoreUnavailableException} while the table is away and is needed.
 */
public final class Connections {
  private static final int PAGE = 100;

  /** The row of a connection that is used is written once a minute, with a heartbeat if direct. */
  private static final long IDLE_MS = 120_000;

  private final Registry registry;
  private final ConnectionRows rows;
  private final VertxDynamo dynamo;
  private final ConnectionCalls calls;
  private final FrameSender delivery;
  private final Pushes pushes;
  private final InstantSource clock;

  public Connections(
      Registry registry,
      ConnectionRows rows,
      VertxDynamo dynamo,
      ConnectionCalls calls,
      FrameSender delivery,
      Pushes pushes,
      InstantSource clock) {
    this.registry = registry;
    this.rows = rows;
    this.dynamo = dynamo;
    this.calls = calls;
    this.delivery = delivery;
    this.pushes = pushes;
    this.clock = clock;
  }

  public Future<Optional<ConnectionRow>> get(String connectionId) {
    var here = registry.find(connectionId).map(rows::of);
    return here.isPresent()
        ? Future.succeededFuture(here)
        : dynamo.execute(calls.find(connectionId));
  }

  /** A page of at most {@code limit} (up to 100); go on with its cursor. */
  public Future<Page<ConnectionRow>> byUser(
      String tenant, String user, int limit, Optional<String> cursor) {
    int most = Math.clamp(limit, 1, PAGE);
    return dynamo
        .execute(calls.byUser(tenant, user, most, cursor))
        .map(page ->
            withOwn(
                page,
                caller -> caller.tenant().equals(tenant) && caller.user().equals(user),
                most,
                cursor));
  }

  /** A page of at most {@code limit} (up to 100); go on with its cursor. */
  public Future<Page<ConnectionRow>> byTenant(String tenant, int limit, Optional<String> cursor) {
    int most = Math.clamp(limit, 1, PAGE);
    return dynamo
        .execute(calls.byTenant(tenant, most, cursor))
        .map(page -> withOwn(page, caller -> caller.tenant().equals(tenant), most, cursor));
  }

  /** This task knows more of its own connections than their rows tell. */
  private Page<ConnectionRow> withOwn(
      Page<ConnectionRow> page, Predicate<Caller> whose, int most, Optional<String> cursor) {
    var own =
        registry.all().stream()
            .filter(session -> !session.isClosing() && whose.test(session.caller()))
            .map(rows::of)
            .toList();
    return ConnectionCalls.with(page, own, most, cursor);
  }

  /** Sends a text to one connection; a row found to lead nowhere is removed. */
  public Future<Pushed> send(String connectionId, byte[] text) {
    return reach(connectionId, row -> delivery.deliver(row.endpoint(), row.id(), text));
  }

  /** Whether the connection's socket is open at this moment. */
  public Future<Boolean> isActive(String connectionId) {
    return reach(connectionId, row -> pushes.probe(row.endpoint(), row.id()))
        .map(pushed -> pushed instanceof Pushed.Delivered);
  }

  /**
   * How alive the connection is. Of those that another task or API Gateway holds it is known to the
   * minutes at which their rows are written.
   */
  public Future<Liveness> state(String connectionId) {
    var here = delivery.state(connectionId);
    return here.isPresent()
        ? Future.succeededFuture(here.get())
        : get(connectionId)
            .compose(row ->
                row.isEmpty()
                    ? Future.succeededFuture(Liveness.CLOSED)
                    : probe(row.get()).map(pushed -> state(row.get(), pushed)));
  }

  private Liveness state(ConnectionRow row, Pushed probed) {
    return switch (probed) {
      case Pushed.Gone _ -> Liveness.CLOSED;
      case Pushed.Failed _ -> Liveness.STALE;
      case Pushed.Delivered _ ->
          clock.millis() - row.lastSeenAt() > IDLE_MS ? Liveness.IDLE : Liveness.CONNECTED;
    };
  }

  private Future<Pushed> probe(ConnectionRow row) {
    return reached(row, pushes.probe(row.endpoint(), row.id()));
  }

  /** Closes the connection's socket, wherever it is held. */
  public Future<Pushed> disconnect(String connectionId) {
    return reach(connectionId, row -> pushes.disconnect(row.endpoint(), row.id()));
  }

  /** What became of a text for many. */
  public record Broadcast(int delivered, int gone, int failed) {}

  /** Sends a text to all of a tenant's connections, a page at a time; the gone are removed. */
  public Future<Broadcast> broadcast(String tenant, byte[] text) {
    return eachOfTenant(
        tenant, row -> reached(row, delivery.deliver(row.endpoint(), row.id(), text)));
  }

  /** Removes the rows of a tenant's connections that are gone; counts them. */
  public Future<Integer> prune(String tenant) {
    return eachOfTenant(tenant, row -> reached(row, pushes.probe(row.endpoint(), row.id())))
        .map(Broadcast::gone);
  }

  private Future<Broadcast> eachOfTenant(
      String tenant, Function<ConnectionRow, Future<Pushed>> toDo) {
    return page(tenant, Optional.empty(), toDo, new Broadcast(0, 0, 0));
  }

  private Future<Broadcast> page(
      String tenant,
      Optional<String> cursor,
      Function<ConnectionRow, Future<Pushed>> toDo,
      Broadcast before) {
    return byTenant(tenant, PAGE, cursor)
        .compose(page -> {
          var pushed = new ArrayList<Future<Pushed>>();
          page.items().forEach(row -> pushed.add(toDo.apply(row)));
          return Future.join(pushed)
              .map(all -> count(before, all.<Pushed>list()))
              .compose(sum ->
                  page.next().isPresent()
                      ? page(tenant, page.next(), toDo, sum)
                      : Future.succeededFuture(sum));
        });
  }

  private static Broadcast count(Broadcast before, List<Pushed> pushed) {
    int delivered = before.delivered();
    int gone = before.gone();
    int failed = before.failed();
    for (var one : pushed) {
      switch (one) {
        case Pushed.Delivered _ -> delivered++;
        case Pushed.Gone _ -> gone++;
        case Pushed.Failed _ -> failed++;
      }
    }
    return new Broadcast(delivered, gone, failed);
  }

  private Future<Pushed> reach(String connectionId, Function<ConnectionRow, Future<Pushed>> toDo) {
    return get(connectionId)
        .compose(row ->
            row.isPresent()
                ? reached(row.get(), toDo.apply(row.get()))
                : Future.succeededFuture(new Pushed.Gone()));
  }

  private Future<Pushed> reached(ConnectionRow row, Future<Pushed> pushed) {
    return pushed.compose(outcome ->
        outcome instanceof Pushed.Gone
            ? dynamo.execute(calls.delete(row.id())).map(outcome).otherwise(outcome)
            : Future.succeededFuture(outcome));
  }
}
