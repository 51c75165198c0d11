package database;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Run;
import java.sql.SQLException;

/** How many pieces of an item there are; answered on the spot, on a virtual thread. */
@Action("stock.left")
public final class Left implements Handler<Left.Request, Left.Pieces>, AutoCloseable {
  /** What a client sends. */
  public record Request(String item) {}

  /** What it gets. */
  public record Pieces(String item, long pieces) {}

  private final Pool.Taken pool;

  Left(Pool.Taken pool) {
    this.pool = pool;
  }

  @Override
  public Pieces handle(Request request, Run run) throws SQLException {
    try (var connection = pool.source().getConnection();
        var query = connection.prepareStatement("select pieces from stock where item = ?")) {
      query.setString(1, request.item());
      try (var rows = query.executeQuery()) {
        if (!rows.next()) {
          throw Failure.refused("NO_SUCH_ITEM", "there is no " + request.item());
        }
        return new Pieces(request.item(), rows.getLong(1));
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
