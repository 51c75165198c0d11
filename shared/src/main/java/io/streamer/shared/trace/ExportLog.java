package io.streamer.shared.trace;

import io.streamer.shared.log.Seldom;
import java.time.InstantSource;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what OpenTelemetry says of its exports, by the JDK's own log, to ours: a line a minute.
 * What a collector answered stays out of it.
 */
final class ExportLog extends Handler {
  /** Held here, for the JDK forgets a logger that nobody holds, and what was set of it. */
  private static final Logger THEIRS = Logger.getLogger("io.opentelemetry");

  private final Seldom log =
      new Seldom(LoggerFactory.getLogger(Traces.class), InstantSource.system());

  private ExportLog() {}

  /** Once for a process. */
  static synchronized void open() {
    for (var handler : THEIRS.getHandlers()) {
      if (handler instanceof ExportLog) {
        return;
      }
    }
    THEIRS.setUseParentHandlers(false);
    THEIRS.addHandler(new ExportLog());
  }

  @Override
  public void publish(LogRecord theirs) {
    if (theirs.getLevel().intValue() < Level.WARNING.intValue()) {
      return;
    }
    var thrown = theirs.getThrown();
    log.warn(
        "spans are not exported",
        "the collector at OTEL_EXPORTER_OTLP_ENDPOINT "
            + (thrown == null ? "refuses them" : "cannot be reached: " + Seldom.of(thrown)));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
