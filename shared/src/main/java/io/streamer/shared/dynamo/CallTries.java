package io.streamer.shared.dynamo;

import io.streamer.shared.aws.HttpReply;
import io.streamer.shared.aws.Retries;
import io.streamer.shared.aws.RetryTokens;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.aws.ServiceError;
import io.streamer.shared.aws.Tries;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreRequestException;
import io.streamer.shared.table.StoreUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request and its tries. Besides what the SDK retries, an answer whose checksum is wrong is
 * asked for again.
 */
public final class CallTries implements Tries<Answer> {
  /** The service gives 16 MB of items at most; in base64 and with escapes they are longer. */
  public static final int MOST_BYTES = 32 * 1024 * 1024;

  private static final String CONDITION = "ConditionalCheckFailedException";

  private final StoreRequest request;
  private final Retries retries;

  /**
   * None made yet.
   *
   * @param tokens of all requests of a client
   * @param clock what requests are signed by; is set right if the service says that it is wrong
   */
  public CallTries(
      StoreRequest request, RetryTokens tokens, ServerClock clock, RandomGenerator random) {
    this.request = request;
    this.retries = new Retries(tokens, clock, random);
  }

  @Override
  public Clock begin() {
    return retries.begin();
  }

  /** The service has answered the try; of an answer up to {@link #MOST_BYTES} are read. */
  @Override
  public Next<Answer> answered(HttpReply reply) {
    if (reply.isCut()) {
      return new Next.Failed<>(
          unavailable("an answer is longer than " + MOST_BYTES + " bytes", null), true);
    }
    if (!reply.isIntact()) {
      return unanswered("an answer's checksum is wrong", null);
    }
    try {
      if (reply.status() / 100 == 2) {
        return done(AnswerJson.read(request, reply.body()));
      }
      var error = ServiceError.of(reply);
      return error.code().equals(CONDITION)
          ? done(new Answer.Refused(AnswerJson.itemOf(reply.body())))
          : retries.refused(error, reply.date(), failed(error));
    } catch (IOException e) {
      return unanswered("an answer cannot be read: " + e.getClass().getSimpleName(), null);
    } catch (IllegalStateException e) {
      return new Next.Failed<>(e, true);
    }
  }

  private Next<Answer> done(Answer answer) {
    retries.succeeded();
    return new Next.Done<>(answer);
  }

  @Override
  public Next<Answer> unanswered(String why, @Nullable Throwable cause) {
    return retries.unanswered(new Next.Failed<>(unavailable(why, cause), false));
  }

  @Override
  public Next.Failed<Answer> unsent(String why, Throwable cause) {
    return new Next.Failed<>(unavailable(why, cause), false);
  }

  private static Next.Failed<Answer> failed(ServiceError error) {
    return error.passes()
        ? new Next.Failed<>(unavailable(error.told(), null), error.status() < 500)
        : new Next.Failed<>(
            new StoreRequestException("the tables refuse a request: " + error.told()), true);
  }

  private static StoreUnavailableException unavailable(String why, @Nullable Throwable cause) {
    var message = "the tables cannot be used now: " + why;
    return cause == null
        ? new StoreUnavailableException(message)
        : new StoreUnavailableException(message, cause);
  }
}
