package database;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Takes pieces out of the stock, once: as a job, whose worker may die between the commit and the
 * note that it was done. The step's key is the delivery's own, so that another attempt finds it
 * there.
 */
@Action(value = "stock.deliver", expected = "10s")
public final class Deliver implements Handler<Deliver.Request, Deliver.Delivery>, AutoCloseable {
  /** What a client sends. */
  public record Request(String item, int pieces) {
    public Request {
      if (pieces < 1) {
        throw new Invalid("pieces", "is below 1");
      }
    }
  }

  /** What it gets. */
  public record Delivery(String id, int pieces) {}

  private final Pool.Taken pool;

  Deliver(Pool.Taken pool) {
    this.pool = pool;
  }

  @Override
  public Delivery handle(Request request, Run run) throws Exception {
    return run.step("deliver", Delivery.class, key -> deliver(key, request));
  }

  private Delivery deliver(String id, Request request) throws SQLException {
    try (var connection = pool.source().getConnection()) {
      connection.setAutoCommit(false);
      if (isNoted(connection, id)) {
        return new Delivery(id, request.pieces());
      }
      change(
          connection,
          "insert into delivery (id, item, pieces) values (?, ?, ?)",
          id,
          request.item(),
          request.pieces());
      int changed =
          change(
              connection,
              "update stock set pieces = pieces - ? where item = ? and pieces >= ?",
              request.pieces(),
              request.item(),
              request.pieces());
      if (changed == 0) {
        connection.rollback();
        throw Failure.refused("SOLD_OUT", "not enough " + request.item() + " is left");
      }
      connection.commit();
      return new Delivery(id, request.pieces());
    }
  }

  private static boolean isNoted(Connection connection, String id) throws SQLException {
    try (var query = connection.prepareStatement("select 1 from delivery where id = ?")) {
      query.setString(1, id);
      try (var rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static int change(Connection connection, String sql, Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
