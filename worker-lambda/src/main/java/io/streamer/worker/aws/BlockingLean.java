package io.streamer.worker.aws;

import io.streamer.shared.aws.BlockingExchange;
import io.streamer.shared.aws.Credentials;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.dynamo.CallTries;
import io.streamer.shared.dynamo.RequestJson;
import io.streamer.shared.dynamo.RetryTokens;
import io.streamer.shared.dynamo.Signing;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Speaks DynamoDB's JSON protocol by {@link BlockingExchange}. It finds credentials by the SDK, and
 * retries as the SDK does.
 */
final class BlockingLean implements BlockingTransport {
  private final BlockingExchange http = new BlockingExchange(CallTries.MOST_BYTES);
  private final Credentials credentials;
  private final Signing signing;
  private final ServerClock clock;
  private final RetryTokens tokens = new RetryTokens();
  private final Duration ofAnAttempt;
  private final Duration ofACall;

  /**
   * To the tables of a region.
   *
   * @param address where DynamoDB answers
   * @param ofAnAttempt how long one try may take, and
   * @param ofACall all of them with the pauses between
   */
  BlockingLean(
      URI address,
      String region,
      AwsCredentialsProvider credentials,
      Duration ofAnAttempt,
      Duration ofACall) {
    this.credentials = new Credentials(credentials, Clock.systemUTC());
    this.signing = new Signing(address, region);
    this.clock = new ServerClock(Clock.systemUTC());
    this.ofAnAttempt = ofAnAttempt;
    this.ofACall = ofACall;
  }

  @Override
  public Answer send(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Queries several ->
          Answer.Rows.together(
              several.queries().stream().map(query -> Pages.rows(new StoreCall(query).answer())));
      case StoreRequest.Batch batch -> {
        pause(batch.jittered());
        yield new StoreCall(batch).answer();
      }
      case StoreRequest.Get _,
          StoreRequest.Put _,
          StoreRequest.Update _,
          StoreRequest.Delete _,
          StoreRequest.Query _,
          StoreRequest.Range _,
          StoreRequest.Scan _,
          StoreRequest.Writes _ ->
          new StoreCall(request).answer();
    };
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("a pause before the tables was interrupted", e);
    }
  }

  @Override
  public void close() {
    // its connections are the JDK's, which ends them once they are idle
  }

  /** One call and its tries. */
  private final class StoreCall {
    private final RequestJson wire;
    private final CallTries attempts;
    private final long begun = System.nanoTime();

    StoreCall(StoreRequest request) {
      this.wire = RequestJson.of(request);
      this.attempts = new CallTries(request, tokens, clock, ThreadLocalRandom.current());
    }

    Answer answer() {
      var signer = signer(null);
      while (true) {
        switch (attempt(signer)) {
          case CallTries.Next.Done(var answer) -> {
            return answer;
          }
          case CallTries.Next.Failed(var why, _) -> throw why;
          case CallTries.Next.Again(var pause, var otherwise, var otherCredentials) -> {
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
        throw CallTries.unsent("there are no credentials", e).why();
      }
    }

    private long left() {
      return ofACall.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private CallTries.Next attempt(AwsCredentials signer) {
      long until = System.nanoTime() + Math.min(ofAnAttempt.toNanos(), left() * 1_000_000L);
      try {
        return attempts.answered(http.send(signing.call(wire, signer, attempts.begin()), until));
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new StoreUnavailableException("a call of the tables was interrupted", e);
        }
        return attempts.unanswered(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
      }
    }
  }
}
