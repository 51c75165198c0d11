package io.streamer.worker.aws;

import io.streamer.shared.aws.HttpCall;
import io.streamer.shared.aws.RequestSigner;
import io.streamer.shared.aws.Retries;
import io.streamer.shared.aws.RetryTokens;
import io.streamer.shared.aws.ServerClock;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Speaks Lambda's Invoke by {@link BlockingTries}. It signs by the SDK, and retries as the SDK
 * does.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 */
final class LeanJobInvoker implements JobInvoker {
  static final String SERVICE = "lambda";

  private final BlockingTries calls;
  private final RequestSigner signer;
  private final ServerClock clock = new ServerClock(Clock.systemUTC());
  private final RetryTokens tokens = new RetryTokens();
  private final URI address;
  private final String path;

  /**
   * A function of a region.
   *
   * @param name the function's, its ARN, or either with an alias
   * @param address where Lambda answers
   * @param ofAnAttempt how long one try may take, and
   * @param ofACall all of them with the pauses between
   */
  LeanJobInvoker(
      String name,
      URI address,
      String region,
      AwsCredentialsProvider credentials,
      Duration ofAnAttempt,
      Duration ofACall) {
    this.calls = new BlockingTries(InvokeTries.MOST_BYTES, credentials, ofAnAttempt, ofACall);
    this.address = address;
    this.signer = new RequestSigner(SERVICE, region);
    this.path =
        "/2015-03-31/functions/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/invocations";
  }

  @Override
  public void invoke(byte[] event) {
    var retries = new Retries(tokens, clock, ThreadLocalRandom.current());
    var _ =
        calls.make(new InvokeTries(retries), (credentials, time) -> call(event, credentials, time));
  }

  private HttpCall call(byte[] event, AwsCredentialsIdentity credentials, Clock time) {
    return new HttpCall("POST", address, path, headers(event, Map.of(), credentials, time), event);
  }

  /**
   * The headers of an invocation, all but its length.
   *
   * @param further headers that are signed too
   * @param time that it is where the call goes
   */
  Map<String, List<String>> headers(
      byte[] event, Map<String, String> further, AwsCredentialsIdentity credentials, Clock time) {
    var all = new HashMap<>(further);
    all.put("Content-Type", "application/json");
    all.put("X-Amz-Invocation-Type", "Event");
    return signer.headers("POST", address, path, all, event, credentials, time.instant());
  }

  @Override
  public void close() {
    // its connections are the JDK's, which ends them once they are idle
  }
}
