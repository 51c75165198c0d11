package io.streamer.soak.bench.load;

import java.util.Arrays;

/** How long things took, to within three hundredths. Not thread-safe. */
final class Latencies {
  private static final int FINE_BITS = 5;
  private static final int FINE = 1 << FINE_BITS;

  private final long[] counts = new long[Long.SIZE * FINE];
  private long count;

  void add(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    count++;
  }

  long count() {
    return count;
  }

  void clear() {
    Arrays.fill(counts, 0);
    count = 0;
  }

  /** The time that the share of all did not pass, in microseconds; 0 if there were none. */
  double micros(double share) {
    long wanted = (long) Math.ceil(count * share);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && counts[i] > 0) {
        return upper(i) / 1e3;
      }
    }
    return 0;
  }

  private static int bucket(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value);
    int shift = Math.max(0, bits - FINE_BITS - 1);
    // the leading bit tells the row, the bits behind it the place in it
    return (shift << FINE_BITS) + (int) (value >>> shift);
  }

  private static long upper(int bucket) {
    int shift = Math.max(0, (bucket >>> FINE_BITS) - 1);
    return (((long) (bucket - (shift << FINE_BITS)) + 1) << shift) - 1;
  }
}
