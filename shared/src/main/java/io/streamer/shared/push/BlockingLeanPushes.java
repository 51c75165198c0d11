package io.streamer.shared.push;

import io.streamer.shared.aws.Credentials;
import io.streamer.shared.aws.ServerClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Speaks the {@code @connections} API over the JDK's oldest HTTP client, which starts fastest. It
 * signs and finds credentials by the SDK. A call is made once; one whose signature is refused, of
 * which nothing was taken, is signed once more if there are other credentials or if the host's
 * clock says another time.
 */
final class BlockingLeanPushes implements BlockingPushTransport {
  private static final int PART = 4 * 1024;

  private final Supplier<String> secret;
  private final Credentials credentials;
  private final PushSigning signing;
  private final ServerClock clock = new ServerClock(Clock.systemUTC());

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

  private static PushReply exchange(
      Host host, PushCall call, Map<String, List<String>> headers, long until) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
    var address = host.address();
    var authority = address.getScheme() + "://" + address.getRawAuthority();
    var http = (HttpURLConnection) URI.create(authority + call.path(host)).toURL().openConnection();
    http.setConnectTimeout(millisTo(until));
    http.setReadTimeout(millisTo(until));
    http.setInstanceFollowRedirects(false);
    http.setUseCaches(false);
    http.setRequestMethod(call.kind().name());
    headers.forEach((name, values) -> http.setRequestProperty(name, values.getFirst()));
    boolean whole = false;
    try {
      if (call.kind() == PushCall.Kind.POST) {
        http.setDoOutput(true);
        // without it the JDK sends a request again by itself
        http.setFixedLengthStreamingMode(call.body().length);
        try (var out = http.getOutputStream()) {
          out.write(call.body());
        }
      }
      int status = http.getResponseCode();
      if (status < 0) {
        throw new IOException("what answered does not speak HTTP");
      }
      var body = status < 400 ? http.getInputStream() : http.getErrorStream();
      var reply =
          new PushReply(
              status,
              http.getHeaderField("x-amzn-ErrorType"),
              http.getHeaderField("Date"),
              read(body, until));
      whole = true;
      return reply;
    } finally {
      if (!whole) {
        http.disconnect();
      }
    }
  }

  /** To its end, or its connection is lost; what is kept of it is bounded. */
  private static byte[] read(@Nullable InputStream body, long until) throws IOException {
    if (body == null) {
      return new byte[0];
    }
    try (body) {
      var kept = new ByteArrayOutputStream(0);
      var part = new byte[PART];
      for (int n = body.read(part); n >= 0; n = body.read(part)) {
        kept.write(part, 0, Math.min(n, PushReply.MOST_BYTES - kept.size()));
        millisTo(until);
      }
      return kept.toByteArray();
    }
  }

  private static int millisTo(long until) throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) left;
  }
}
