package io.streamer.shared.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * The credentials that requests are signed with. Looking them up may ask an HTTP endpoint, so they
 * are kept: for a minute without a look, and then while somebody looks, up to their own end. Safe
 * for all threads.
 */
public final class Credentials {
  private static final Duration FRESH = Duration.ofMinutes(1);

  /** Between signing and the service's look at it. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final AwsCredentialsProvider provider;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

  /** Not to be waited for by an event loop. */
  private final Lock looking = new ReentrantLock();

  private record Known(AwsCredentials credentials, Instant since) {}

  public Credentials(AwsCredentialsProvider provider, InstantSource clock) {
    this.provider = provider;
    this.clock = clock;
  }

  /** Those that are known and good for another request; null: {@link #lookUp}. */
  public @Nullable AwsCredentials known() {
    var now = known.get();
    return now == null || !isValid(now, clock.instant()) ? null : now.credentials();
  }

  /**
   * Those that are known, or looked up; blocks.
   *
   * @param seen those that are not good enough, if there are any; the same may be found again
   * @throws RuntimeException as the provider does, if it has none and none are known
   */
  public AwsCredentials now(@Nullable AwsCredentials seen) {
    var known = known();
    var good = known == null || known.equals(seen) ? null : known;
    if (good != null && !due()) {
      return good;
    }
    try {
      return lookUp(known == null ? seen : known);
    } catch (RuntimeException e) {
      if (good != null) {
        return good;
      }
      throw e;
    }
  }

  /** Whether it is time to look again, which one caller is told; they are good meanwhile. */
  public boolean due() {
    var now = known.get();
    var at = clock.instant();
    return now != null
        && now.since().plus(FRESH).isBefore(at)
        && known.compareAndSet(now, new Known(now.credentials(), at));
  }

  /**
   * Asks the provider; blocks. Several who ask at once wait for the first.
   *
   * @param seen those that are not good enough, if there are any
   * @throws RuntimeException as the provider does, if it has none
   */
  public AwsCredentials lookUp(@Nullable AwsCredentials seen) {
    looking.lock();
    try {
      var already = known();
      if (already != null && !already.equals(seen)) {
        return already;
      }
      var found = provider.resolveCredentials();
      known.set(new Known(found, clock.instant()));
      return found;
    } finally {
      looking.unlock();
    }
  }

  private static boolean isValid(Known known, Instant at) {
    return known
        .credentials()
        .expirationTime()
        .map(end -> at.plus(MARGIN).isBefore(end))
        .orElse(true);
  }
}
