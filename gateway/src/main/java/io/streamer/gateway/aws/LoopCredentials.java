package io.streamer.gateway.aws;

import io.streamer.shared.aws.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** The credentials that event loops sign with. No loop waits while they are looked up. */
public final class LoopCredentials {
  private final VertxInternal vertx;
  private final Credentials credentials;

  /** From where the provider has them. */
  public LoopCredentials(Vertx vertx, AwsCredentialsProvider provider, InstantSource clock) {
    this.vertx = (VertxInternal) vertx;
    this.credentials = new Credentials(provider, clock);
  }

  /**
   * Those that are known, at once; others are looked up, and those known are from time to time
   * looked up anew behind whoever asks.
   *
   * @param patience in milliseconds
   */
  public Future<AwsCredentials> now(long patience) {
    var known = credentials.known();
    if (known == null) {
      return lookUp(null, patience);
    }
    if (credentials.due()) {
      Thread.ofVirtual().start(() -> lookBehind(known));
    }
    return Future.succeededFuture(known);
  }

  /**
   * Looks them up.
   *
   * @param seen those that are not good enough, if there are any; the same may be found again
   * @param patience in milliseconds
   */
  public Future<AwsCredentials> lookUp(@Nullable AwsCredentials seen, long patience) {
    var found = vertx.getOrCreateContext().<AwsCredentials>promise();
    Thread.ofVirtual()
        .start(() -> {
          try {
            found.complete(credentials.lookUp(seen));
          } catch (RuntimeException e) {
            found.fail(e);
          }
        });
    return found.future().timeout(Math.max(1, patience), TimeUnit.MILLISECONDS);
  }

  private void lookBehind(AwsCredentials known) {
    try {
      credentials.lookUp(known);
    } catch (RuntimeException _) {
      // those known are good until their end; whoever finds them ended is told why
    }
  }
}
