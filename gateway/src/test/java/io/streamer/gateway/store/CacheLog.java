package io.streamer.gateway.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Caffeine tells Java's own logging, which goes past the process's log. */
public final class CacheLog implements AutoCloseable {
  private final List<String> told = new CopyOnWriteArrayList<>();
  // held: a logger that nobody holds loses its handlers
  private final Logger log = Logger.getLogger("com.github.benmanes.caffeine");
  private final Handler listening =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          told.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  public CacheLog() {
    log.addHandler(listening);
  }

  public List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public void close() {
    log.removeHandler(listening);
  }
}
