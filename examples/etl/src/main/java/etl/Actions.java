package etl;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.nio.file.Path;
import java.time.Duration;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {

  /**
   * {@code ETL_WAREHOUSE} is the folder that is loaded, one below the folder for temporary files
   * unless set; {@code ETL_PACE_MS} what a part takes, as it would in a database: 100 unless set.
   */
  @Override
  public void register(Handlers handlers, Config config) {
    var folder =
        config
            .find("ETL_WAREHOUSE")
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "etl-warehouse"));
    var pace = Duration.ofMillis(Long.parseLong(config.find("ETL_PACE_MS").orElse("100")));
    handlers.add(Check.class, Check::new);
    handlers.add(Load.class, () -> new Load(new Warehouse(folder, pace)));
  }
}
