package database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** A process's connections: opened for the first handler that takes them, closed with the last. */
final class Pool {
  private final Supplier<HikariDataSource> opener;
  private HikariDataSource source;
  private int takers;

  Pool(Supplier<HikariDataSource> opener) {
    this.opener = opener;
  }

  /** The pool as one handler has it, until that closes it. */
  synchronized Taken take() {
    if (source == null) {
      source = opener.get();
    }
    takers++;
    return new Taken(source, this::leave);
  }

  private synchronized void leave() {
    takers--;
    if (takers == 0) {
      source.close();
      source = null;
    }
  }

  /** A handler's share. */
  record Taken(DataSource source, Runnable leave) implements AutoCloseable {
    @Override
    public void close() {
      leave.run();
    }
  }
}
