package io.streamer.shared.aws;

import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call of AWS and how often it is tried: what came of a try goes in, what is to be done comes
 * out. Without I/O; for one thread at a time.
 *
 * @param <A> what the call answers
 */
public interface Tries<A> {
  /** The time to sign the next try for. */
  Clock begin();

  /** The service has answered the try. */
  Next<A> answered(HttpReply reply);

  /** No answer came, or not the whole of one. */
  Next<A> unanswered(String why, @Nullable Throwable cause);

  /** It cannot even be sent, and another try would not help. */
  Next.Failed<A> unsent(String why, Throwable cause);

  /** What is to be done now. */
  sealed interface Next<A> {
    record Done<A>(A answer) implements Next<A> {}

    /**
     * It has failed.
     *
     * @param answered whether the service is there, and said so
     */
    record Failed<A>(RuntimeException why, boolean answered) implements Next<A> {}

    /**
     * It is to be tried again, behind a pause.
     *
     * @param otherwise how it has failed if there is no time for that
     * @param otherCredentials whether it can only help with others than it was signed with
     */
    record Again<A>(Duration pause, Failed<A> otherwise, boolean otherCredentials)
        implements Next<A> {}
  }
}
