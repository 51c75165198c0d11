package database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {
  private static final String IN_MEMORY = "jdbc:h2:mem:stock;DB_CLOSE_DELAY=-1";

  /**
   * {@code STOCK_URL}, {@code STOCK_USER} and {@code STOCK_PASSWORD} lead to the database, one in
   * memory unless set; {@code STOCK_POOL} is how many connections a process has at most, 4 unless
   * set: a worker runs one job and needs one, a gateway many requests at once.
   */
  @Override
  public void register(Handlers handlers, Config config) {
    var pool = new Pool(() -> open(config));
    handlers.add(Left.class, () -> new Left(pool.take()));
    handlers.add(Deliver.class, () -> new Deliver(pool.take()));
  }

  private static HikariDataSource open(Config config) {
    var hikari = new HikariConfig();
    hikari.setJdbcUrl(config.find("STOCK_URL").orElse(IN_MEMORY));
    config.find("STOCK_USER").ifPresent(hikari::setUsername);
    config.find("STOCK_PASSWORD").ifPresent(hikari::setPassword);
    hikari.setMaximumPoolSize(config.find("STOCK_POOL").map(Integer::parseInt).orElse(4));
    // a worker that is frozen between two jobs keeps none
    hikari.setMinimumIdle(0);
    var source = new HikariDataSource(hikari);
    Schema.create(source);
    return source;
  }
}
