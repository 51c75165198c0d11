package io.streamer.worker.aws;

import io.streamer.shared.aws.HttpReply;
import io.streamer.shared.aws.Retries;
import io.streamer.shared.aws.ServiceError;
import io.streamer.shared.aws.Tries;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** One asynchronous invocation and its tries; it answers its status. */
final class InvokeTries implements Tries<Integer> {
  /** Of an answer, which has no body unless it is a refusal. */
  static final int MOST_BYTES = 16 * 1024;

  private final Retries retries;

  InvokeTries(Retries retries) {
    this.retries = retries;
  }

  @Override
  public Clock begin() {
    return retries.begin();
  }

  @Override
  public Next<Integer> answered(HttpReply reply) {
    if (reply.status() / 100 == 2) {
      retries.succeeded();
      return new Next.Done<>(reply.status());
    }
    var error = ServiceError.of(reply);
    return retries.refused(
        error, reply.date(), new Next.Failed<>(failed(error.told(), null), true));
  }

  @Override
  public Next<Integer> unanswered(String why, @Nullable Throwable cause) {
    return retries.unanswered(new Next.Failed<>(failed(why, cause), false));
  }

  @Override
  public Next.Failed<Integer> unsent(String why, Throwable cause) {
    return new Next.Failed<>(failed(why, cause), false);
  }

  private static NotInvokedException failed(String why, @Nullable Throwable cause) {
    return new NotInvokedException("Lambda did not take an event: " + why, cause);
  }
}
