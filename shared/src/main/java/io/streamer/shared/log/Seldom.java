package io.streamer.shared.log;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Says what may happen as often as somebody outside likes: a line a minute of each kind, with how
 * many it passed over, so that nobody fills a log. Safe for many threads.
 */
public final class Seldom {
  private static final long EVERY_MS = Duration.ofMinutes(1).toMillis();

  private final Logger log;
  private final InstantSource clock;
  private final Map<String, Said> kinds = new ConcurrentHashMap<>();

  /**
   * When a kind was said last.
   *
   * @param at epoch milliseconds
   * @param passedOver how many of the kind were not said since
   * @param now whether it is to be said at {@code at}
   */
  private record Said(long at, long passedOver, boolean now) {
    String others() {
      return passedOver == 0 ? "" : " (and " + passedOver + " like it before)";
    }
  }

  public Seldom(Logger log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  public void info(String kind, String detail) {
    say(Level.INFO, kind, detail);
  }

  public void warn(String kind, String detail) {
    say(Level.WARN, kind, detail);
  }

  public void error(String kind, String detail) {
    say(Level.ERROR, kind, detail);
  }

  /**
   * A fault of our own that somebody outside can bring about, with its stack: each place of the
   * code that throws is a kind, so that one does not hide another.
   *
   * @param about whose it was
   * @param detail of this one alone, as for the others
   */
  public void fault(About about, String what, String detail, Throwable thrown) {
    var said = said(what + ": " + of(thrown));
    if (said.now) {
      about
          .in(log.atError())
          .setCause(Abridged.of(thrown))
          .log("{}: {}{}", what, detail, said.others());
    }
  }

  /**
   * A line of a kind.
   *
   * @param kind one of a few texts that stand in the code: each is remembered for good
   * @param detail of this one alone; nothing secret, and nothing that the other side chose freely
   */
  private void say(Level level, String kind, String detail) {
    var said = said(kind);
    if (said.now) {
      log.atLevel(level).log("{}: {}{}", kind, detail, said.others());
    }
  }

  private Said said(String kind) {
    long now = clock.millis();
    return kinds.merge(
        kind,
        new Said(now, 0, true),
        (before, _) ->
            now - before.at >= EVERY_MS
                ? new Said(now, before.now ? 0 : before.passedOver, true)
                : new Said(before.at, (before.now ? 0 : before.passedOver) + 1, false));
  }

  /**
   * What was thrown and where, the first place in our own code included: in a line and without its
   * message, which may hold what the other side sent.
   */
  public static String of(Throwable thrown) {
    var text = new StringBuilder(thrown.getClass().getName());
    var stack = thrown.getStackTrace();
    if (stack.length > 0) {
      text.append(" at ").append(stack[0]);
      Arrays.stream(stack)
          .skip(1)
          .filter(frame -> frame.getClassName().startsWith("io.streamer."))
          .findFirst()
          .filter(_ -> !stack[0].getClassName().startsWith("io.streamer."))
          .ifPresent(frame -> text.append(" of ").append(frame));
    }
    return text.toString();
  }
}
