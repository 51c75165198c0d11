package reports;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.time.Duration;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {

  /** {@code REPORTS_PACE_MS}: what a day takes, as it would in a database; 20 unless set. */
  @Override
  public void register(Handlers handlers, Config config) {
    var pace = Duration.ofMillis(Long.parseLong(config.find("REPORTS_PACE_MS").orElse("20")));
    handlers.add(SalesReport.class, () -> new SalesReport(new Ledger(pace), new Register()));
  }
}
