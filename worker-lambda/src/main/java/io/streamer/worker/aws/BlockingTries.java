package io.streamer.worker.aws;

import io.streamer.shared.aws.BlockingExchange;
import io.streamer.shared.aws.Credentials;
import io.streamer.shared.aws.HttpCall;
import io.streamer.shared.aws.Tries;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Makes calls of one service of AWS and their tries on the caller's thread, by {@link
 * BlockingExchange}. Credentials are found by the SDK. Safe for all threads.
 */
final class BlockingTries {
  private final BlockingExchange http;
  private final Credentials credentials;
  private final Duration ofAnAttempt;
  private final Duration ofACall;

  /** How a call goes out. */
  @FunctionalInterface
  interface Signed {
    /**
     * Signs it.
     *
     * @param time that it is where the call goes
     */
    HttpCall by(AwsCredentials credentials, Clock time);
  }

  /**
   * For one service.
   *
   * @param mostBytes of an answer that are read
   * @param ofAnAttempt how long one try may take, and
   * @param ofACall all of them with the pauses between
   */
  BlockingTries(
      int mostBytes, AwsCredentialsProvider credentials, Duration ofAnAttempt, Duration ofACall) {
    this.http = new BlockingExchange(mostBytes);
    this.credentials = new Credentials(credentials, Clock.systemUTC());
    this.ofAnAttempt = ofAnAttempt;
    this.ofACall = ofACall;
  }

  /**
   * Makes a call; blocks.
   *
   * @throws RuntimeException how it has failed, as the tries say it; an interrupt is one of these,
   *     and stays set
   */
  <A> A make(Tries<A> tries, Signed call) {
    return new OneCall<>(tries, call).answer();
  }

  private final class OneCall<A> {
    private final Tries<A> tries;
    private final Signed call;
    private final long begun = System.nanoTime();

    OneCall(Tries<A> tries, Signed call) {
      this.tries = tries;
      this.call = call;
    }

    A answer() {
      var signer = signer(null);
      while (true) {
        switch (attempt(signer)) {
          case Tries.Next.Done<A>(var answer) -> {
            return answer;
          }
          case Tries.Next.Failed<A>(var why, _) -> throw why;
          case Tries.Next.Again<A>(var pause, var otherwise, var otherCredentials) -> {
            if (pause.toMillis() >= left()) {
              throw otherwise.why();
            }
            if (otherCredentials) {
              var other = signer(signer);
              if (other.equals(signer)) {
                throw otherwise.why();
              }
              signer = other;
            } else {
              pause(pause);
              signer = signer(null);
            }
          }
        }
      }
    }

    private AwsCredentials signer(@Nullable AwsCredentials seen) {
      try {
        return credentials.now(seen);
      } catch (RuntimeException e) {
        throw tries.unsent("there are no credentials", e).why();
      }
    }

    private void pause(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw tries.unsent("a pause between two tries was interrupted", e).why();
      }
    }

    private long left() {
      return ofACall.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private Tries.Next<A> attempt(AwsCredentials signer) {
      long until = System.nanoTime() + Math.min(ofAnAttempt.toNanos(), left() * 1_000_000L);
      try {
        return tries.answered(http.send(call.by(signer, tries.begin()), until));
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw tries.unsent("a call was interrupted", e).why();
        }
        return tries.unanswered(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
      }
    }
  }
}
