package io.streamer.gateway.store;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Sends requests by the AWS SDK's client, whose loops and retries they use. */
public final class SdkTransport implements StoreTransport {
  private final Vertx vertx;
  private final DynamoDbAsyncClient client;

  /**
   * By a client.
   *
   * @param client is closed with it
   */
  public SdkTransport(Vertx vertx, DynamoDbAsyncClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  @Override
  public Future<Answer> send(StoreRequest request) {
    return Future.fromCompletionStage(SdkRequests.send(client, request), vertx.getOrCreateContext())
        .recover(e -> Future.failedFuture(cause(e)));
  }

  /** A stage names what went wrong behind an exception of its own. */
  private static Throwable cause(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }

  @Override
  public void close() {
    client.close();
  }
}
