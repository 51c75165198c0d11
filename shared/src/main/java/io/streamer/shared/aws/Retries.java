package io.streamer.shared.aws;

import io.streamer.shared.aws.Tries.Next;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which of a call's tries are followed by another: what the SDK retries, as often and after the
 * same pauses. Without I/O; for one thread at a time.
 */
public final class Retries {
  private static final int MOST = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration THROTTLED_PAUSE = Duration.ofSeconds(1);

  private final RetryTokens tokens;
  private final ServerClock clock;
  private final RandomGenerator random;
  private Clock signedBy;
  private int made;
  private boolean setRight;

  /**
   * None made yet.
   *
   * @param tokens of all calls of a client
   * @param clock what calls are signed by; is set right if the service says that it is wrong
   */
  public Retries(RetryTokens tokens, ServerClock clock, RandomGenerator random) {
    this.tokens = tokens;
    this.clock = clock;
    this.signedBy = clock.now();
    this.random = random;
  }

  /** The time to sign the next try for. */
  public Clock begin() {
    signedBy = clock.now();
    return signedBy;
  }

  /** The service has done what it was asked for. */
  public void succeeded() {
    tokens.succeeded(made > 0);
  }

  /** What follows a try without an answer, or with one that cannot be read. */
  public <A> Next<A> unanswered(Next.Failed<A> failed) {
    return again(PAUSE, failed, false);
  }

  /**
   * What follows a refusal.
   *
   * @param date what time it is there, as a header has it
   */
  public <A> Next<A> refused(ServiceError error, @Nullable String date, Next.Failed<A> failed) {
    if ((error.isSkewed() || error.isPerhapsSkewed()) && !setRight && isOff(date)) {
      setRight = true;
      return again(PAUSE, failed, false);
    }
    if (error.isOfStaleCredentials()) {
      return again(PAUSE, failed, true);
    }
    if (error.isRetryable()) {
      return again(error.isThrottle() ? THROTTLED_PAUSE : PAUSE, failed, false);
    }
    return failed;
  }

  /** Another call may have set the clock right since this one was signed. */
  private boolean isOff(@Nullable String date) {
    return clock.follow(date) || !clock.now().equals(signedBy);
  }

  private <A> Next<A> again(Duration base, Next.Failed<A> failed, boolean otherCredentials) {
    made++;
    if (made >= MOST || !tokens.take()) {
      return failed;
    }
    // full jitter: those who fail together do not come again together
    long most = base.toNanos() << (made - 1);
    return new Next.Again<>(Duration.ofNanos(random.nextLong(most)), failed, otherCredentials);
  }
}
