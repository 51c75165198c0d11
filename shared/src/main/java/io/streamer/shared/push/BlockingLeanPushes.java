package io.streamer.shared.push;

import io.streamer.shared.aws.BlockingExchange;
import io.streamer.shared.aws.Credentials;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Speaks the {@code @connections} API by {@link BlockingExchange}. It finds credentials by the SDK.
 * A call is made once; one whose signature is refused, of which nothing was taken, is signed once
 * more if there are other credentials or if the host's clock says another time.
 */
final class BlockingLeanPushes implements BlockingPushTransport {
  private final Supplier<String> secret;
  private final Credentials credentials;
  private final PushSigning signing;
  private final HostClocks clocks = new HostClocks(Clock.systemUTC());
  private final BlockingExchange http = new BlockingExchange(PushReply.MOST_BYTES);

  BlockingLeanPushes(
      Supplier<String> internalSecret, String region, AwsCredentialsProvider credentials) {
    this.secret = internalSecret;
    this.credentials = new Credentials(credentials, Clock.systemUTC());
    this.signing = new PushSigning(region);
  }

  @Override
  public PushAnswer send(Host host, PushCall call) {
    long until = System.nanoTime() + host.patience().toNanos();
    try {
      var reply = host.node() ? shown(host, call, until) : signed(host, call, until);
      return reply.read(call.kind());
    } catch (IOException e) {
      throw new UnansweredException(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    } catch (UnansweredException e) {
      throw e;
    } catch (RuntimeException e) {
      // its message may tell what a header was to say
      throw new UnansweredException(e.getClass().getSimpleName(), null);
    }
  }

  @Override
  public void close() {
    // its connections are the JDK's, which ends them once they are idle
  }

  private PushReply shown(Host host, PushCall call, long until) throws IOException {
    var now = secret.get();
    return exchange(
        host,
        call,
        now.isEmpty() ? Map.of() : Map.of(PushClient.SECRET_HEADER, List.of(now)),
        until);
  }

  private PushReply signed(Host host, PushCall call, long until) throws IOException {
    var signer = signer(null);
    var clock = clocks.of(host);
    var time = clock.now();
    var reply = exchange(host, call, signing.headers(host, call, signer, time), until);
    var other =
        switch (reply.remedy(clock, time)) {
          case NONE -> null;
          case OTHER_TIME -> signer;
          case OTHER_CREDENTIALS -> other(signer);
        };
    return other == null
        ? reply
        : exchange(host, call, signing.headers(host, call, other, clock.now()), until);
  }

  private AwsCredentials signer(@Nullable AwsCredentials seen) {
    try {
      return credentials.now(seen);
    } catch (RuntimeException e) {
      throw new UnansweredException("there are no credentials: " + e.getMessage(), e);
    }
  }

  /** Null if there are none but those. */
  private @Nullable AwsCredentials other(AwsCredentials seen) {
    try {
      var found = credentials.now(seen);
      return found.equals(seen) ? null : found;
    } catch (RuntimeException _) {
      // the answer says what is wrong with those that there were
      return null;
    }
  }

  private PushReply exchange(
      Host host, PushCall call, Map<String, List<String>> headers, long until) throws IOException {
    return new PushReply(http.send(call.to(host, headers), until));
  }
}
