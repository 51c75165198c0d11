package io.streamer.shared.push;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much may be under way at a time. What is late holds none of the lanes of the others: it has
 * some of its own, as has from its beginning what is expected to be late. So those who do not
 * answer keep others from being sent to for a moment, not until their time is up. For one thread at
 * a time.
 *
 * @param <T> what is under way
 */
public final class Lanes<T> {
  /** Whoever takes a frame does so within a fraction of that. */
  public static final Duration LATE = Duration.ofMillis(500);

  private final int most;
  private final int mostLate;
  private final long lateAfter;
  private final Map<T, Long> prompt = new LinkedHashMap<>();
  private final Set<T> late = new HashSet<>();

  /**
   * Free lanes.
   *
   * @param mostLate besides the others
   * @param lateAfter in the unit of the times that are told here
   */
  public Lanes(int most, int mostLate, long lateAfter) {
    this.most = most;
    this.mostLate = mostLate;
    this.lateAfter = lateAfter;
  }

  /** Whether something may be begun. */
  public boolean isFree(boolean expectedLate, long now) {
    settle(now);
    return expectedLate ? late.size() < mostLate : prompt.size() < most;
  }

  /** Something is under way from now on; there was a lane for it. */
  public void begin(T what, boolean expectedLate, long now) {
    if (expectedLate) {
      late.add(what);
    } else {
      prompt.put(what, now);
    }
  }

  /** It is not under way any more. */
  public void end(T what) {
    if (prompt.remove(what) == null) {
      late.remove(what);
    }
  }

  /** Whether nothing is under way. */
  public boolean isIdle() {
    return prompt.isEmpty() && late.isEmpty();
  }

  /**
   * When there is a lane for what is not expected to be late, if nothing ends before; {@link
   * Long#MAX_VALUE} if not by itself.
   */
  public long freeAt(long now) {
    settle(now);
    if (prompt.size() < most) {
      return now;
    }
    return late.size() < mostLate ? prompt.values().iterator().next() + lateAfter : Long.MAX_VALUE;
  }

  private void settle(long now) {
    var oldest = prompt.entrySet().iterator();
    while (late.size() < mostLate && oldest.hasNext()) {
      var next = oldest.next();
      if (now - next.getValue() < lateAfter) {
        return;
      }
      late.add(next.getKey());
      oldest.remove();
    }
  }
}
