package io.streamer.shared.aws;

import java.net.HttpURLConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends exchanges whose answer has no whole head in time: a socket's own timeout begins anew with
 * each byte of it. One thread for the process, which looks ten times a second while there is any.
 */
final class ExchangeWatch {
  private static final long LOOK_MS = 100;

  private static final Set<Exchange> ALL = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean LOOKING = new AtomicBoolean();
  private static final ScheduledExecutorService THREAD =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("http-deadlines").factory());

  private ExchangeWatch() {}

  /** One, up to its answer's head; closed there. */
  static final class Exchange implements AutoCloseable {
    private final HttpURLConnection http;
    private final long until;

    private Exchange(HttpURLConnection http, long until) {
      this.http = http;
      this.until = until;
    }

    @Override
    public void close() {
      ALL.remove(this);
    }
  }

  /**
   * Ends an exchange unless its head is there by then.
   *
   * @param until as {@link System#nanoTime} has it
   */
  static Exchange begin(HttpURLConnection http, long until) {
    var exchange = new Exchange(http, until);
    ALL.add(exchange);
    look();
    return exchange;
  }

  private static void look() {
    if (!LOOKING.get() && LOOKING.compareAndSet(false, true)) {
      var _ = THREAD.schedule(ExchangeWatch::endThoseDue, LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  private static void endThoseDue() {
    long now = System.nanoTime();
    for (var one : ALL) {
      if (one.until - now < 0) {
        one.close();
        end(one.http);
      }
    }
    LOOKING.set(false);
    if (!ALL.isEmpty()) {
      look();
    }
  }

  private static void end(HttpURLConnection http) {
    try {
      http.disconnect();
    } catch (RuntimeException _) {
      // it came to its end meanwhile
    }
  }
}
