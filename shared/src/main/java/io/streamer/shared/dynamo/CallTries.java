package io.streamer.shared.dynamo;

import io.streamer.shared.aws.HttpReply;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreRequestException;
import io.streamer.shared.table.StoreUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request and how often it is tried: what came of a try goes in, what is to be done comes out.
 * It retries what the SDK retries, as often and after the same pauses, and besides an answer whose
 * checksum is wrong. Without I/O; for one thread at a time.
 */
public final class CallTries {
  /** The service gives 16 MB of items at most; in base64 and with escapes they are longer. */
  public static final int MOST_BYTES = 32 * 1024 * 1024;

  private static final int MOST = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration THROTTLED_PAUSE = Duration.ofSeconds(1);

  private final StoreRequest request;
  private final RetryTokens tokens;
  private final ServerClock clock;
  private final RandomGenerator random;
  private Clock signedBy;
  private int made;
  private boolean setRight;

  /** What is to be done now. */
  public sealed interface Next {
    record Done(Answer answer) implements Next {}

    /**
     * It has failed.
     *
     * @param answered whether the service is there, and said so
     */
    record Failed(RuntimeException why, boolean answered) implements Next {}

    /**
     * It is to be tried again, behind a pause.
     *
     * @param otherwise how it has failed if there is no time for that
     * @param otherCredentials whether it can only help with others than it was signed with
     */
    record Again(Duration pause, Failed otherwise, boolean otherCredentials) implements Next {}
  }

  /**
   * None made yet.
   *
   * @param tokens of all requests of a client
   * @param clock what requests are signed by; is set right if the service says that it is wrong
   */
  public CallTries(
      StoreRequest request, RetryTokens tokens, ServerClock clock, RandomGenerator random) {
    this.request = request;
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

  /** The service has answered the try; of an answer up to {@link #MOST_BYTES} are read. */
  public Next answered(HttpReply reply) {
    if (reply.isCut()) {
      return new Next.Failed(
          unavailable("an answer is longer than " + MOST_BYTES + " bytes", null), true);
    }
    if (!reply.isIntact()) {
      return unanswered("an answer's checksum is wrong", null);
    }
    if (reply.status() / 100 == 2) {
      try {
        var answer = AnswerJson.read(request, reply.body());
        tokens.succeeded(made > 0);
        return new Next.Done(answer);
      } catch (IOException e) {
        return unanswered("an answer cannot be read: " + e.getClass().getSimpleName(), null);
      } catch (IllegalStateException e) {
        return new Next.Failed(e, true);
      }
    }
    return refused(ServiceError.of(reply), reply.date());
  }

  /** No answer came, or not the whole of one. */
  public Next unanswered(String why, @Nullable Throwable cause) {
    var failed = new Next.Failed(unavailable(why, cause), false);
    return again(PAUSE, failed, false);
  }

  /** It cannot even be sent, and another try would not help. */
  public static Next.Failed unsent(String why, Throwable cause) {
    return new Next.Failed(unavailable(why, cause), false);
  }

  private Next refused(ServiceError error, @Nullable String date) {
    if (error.isCondition()) {
      tokens.succeeded(made > 0);
      return new Next.Done(new Answer.Refused(error.item()));
    }
    var failed =
        error.passes()
            ? new Next.Failed(unavailable(error.told(), null), error.status() < 500)
            : new Next.Failed(
                new StoreRequestException("the tables refuse a request: " + error.told()), true);
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

  /** Another request may have set the clock right since this one was signed. */
  private boolean isOff(@Nullable String date) {
    return clock.follow(date) || !clock.now().equals(signedBy);
  }

  private Next again(Duration base, Next.Failed failed, boolean otherCredentials) {
    made++;
    if (made >= MOST || !tokens.take()) {
      return failed;
    }
    // full jitter: those who fail together do not come again together
    long most = base.toNanos() << (made - 1);
    return new Next.Again(Duration.ofNanos(random.nextLong(most)), failed, otherCredentials);
  }

  private static StoreUnavailableException unavailable(String why, @Nullable Throwable cause) {
    var message = "the tables cannot be used now: " + why;
    return cause == null
        ? new StoreUnavailableException(message)
        : new StoreUnavailableException(message, cause);
  }
}
