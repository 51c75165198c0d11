package quickstart;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Counts primes by the sieve of Eratosthenes, a segment at a time, over odd numbers alone. */
final class Sieve {
  private static final int SEGMENT = 1_000_000;

  private final int[] divisors;
  private final boolean[] crossed = new boolean[SEGMENT / 2];

  /**
   * For ranges up to a limit.
   *
   * @param limit below 2^60
   */
  Sieve(long limit) {
    int root = (int) Math.sqrt(limit) + 1;
    this.divisors =
        IntStream.iterate(3, divisor -> divisor <= root, divisor -> divisor + 2)
            .filter(Sieve::isPrime)
            .toArray();
  }

  /** How many primes there are from one number to another, both included. */
  long count(long from, long to) {
    long count = from <= 2 && to >= 2 ? 1 : 0;
    for (long low = Math.max(from, 3) | 1; low <= to; low += SEGMENT) {
      count += countOdd(low, Math.min(low + SEGMENT - 2, to));
    }
    return count;
  }

  private int countOdd(long low, long high) {
    int size = (int) ((high - low) / 2) + 1;
    Arrays.fill(crossed, 0, size, false);
    for (long divisor : divisors) {
      if (divisor * divisor > high) {
        break;
      }
      long multiple = Math.max(divisor * divisor, (low + divisor - 1) / divisor * divisor);
      if (multiple % 2 == 0) {
        multiple += divisor;
      }
      for (long at = (multiple - low) / 2; at < size; at += divisor) {
        crossed[(int) at] = true;
      }
    }
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += crossed[i] ? 0 : 1;
    }
    return count;
  }

  private static boolean isPrime(int odd) {
    for (int divisor = 3; divisor * divisor <= odd; divisor += 2) {
      if (odd % divisor == 0) {
        return false;
      }
    }
    return true;
  }
}
