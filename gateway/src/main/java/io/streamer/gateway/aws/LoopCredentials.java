package io.streamer.gateway.aws;

import io.streamer.shared.aws.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
  private Future<AwsCredentials> looking = Future.failedFuture("none yet");

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
      // those known are good until their end; whoever finds them ended is told why
      var _ = look(known);
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
    look(seen).onComplete(found);
    return found.future().timeout(Math.max(1, patience), TimeUnit.MILLISECONDS);
  }

  /** One at a time: who asks meanwhile gets what it finds. */
  private synchronized Future<AwsCredentials> look(@Nullable AwsCredentials seen) {
    if (looking.isComplete()) {
      var found = Promise.<AwsCredentials>promise();
      looking = found.future();
      // not a virtual one: handlers that compute may keep all the carriers
      try {
        Thread.ofPlatform().daemon().name("credentials").start(() -> complete(found, seen));
      } catch (Throwable e) {
        // no thread is to be had: the next look is another try
        found.fail(e);
      }
    }
    return looking;
  }

  private void complete(Promise<AwsCredentials> found, @Nullable AwsCredentials seen) {
    try {
      found.complete(credentials.lookUp(seen));
    } catch (Throwable e) {
      // an Error too: the next look waits for the end of this one
      found.fail(e);
    }
  }
}
