package io.streamer.worker.aws;

import io.streamer.shared.aws.RetryTokens;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.dynamo.CallTries;
import io.streamer.shared.dynamo.RequestJson;
import io.streamer.shared.dynamo.Signing;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Speaks DynamoDB's JSON protocol by {@link BlockingTries}. It retries as the SDK does. */
final class BlockingLean implements BlockingTransport {
  private final BlockingTries calls;
  private final Signing signing;
  private final ServerClock clock = new ServerClock(Clock.systemUTC());
  private final RetryTokens tokens = new RetryTokens();

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
    this.calls = new BlockingTries(CallTries.MOST_BYTES, credentials, ofAnAttempt, ofACall);
    this.signing = new Signing(address, region);
  }

  @Override
  public Answer send(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Queries several ->
          Answer.Rows.together(several.queries().stream().map(query -> Pages.rows(answer(query))));
      case StoreRequest.Batch batch -> {
        pause(batch.jittered());
        yield answer(batch);
      }
      case StoreRequest.Get _,
          StoreRequest.Put _,
          StoreRequest.Update _,
          StoreRequest.Delete _,
          StoreRequest.Query _,
          StoreRequest.Range _,
          StoreRequest.Scan _,
          StoreRequest.Writes _ ->
          answer(request);
    };
  }

  private Answer answer(StoreRequest request) {
    var wire = RequestJson.of(request);
    return calls.make(
        new CallTries(request, tokens, clock, ThreadLocalRandom.current()),
        (credentials, time) -> signing.call(wire, credentials, time));
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
}
