package io.streamer.gateway.store;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Executes the store's calls; futures complete on the context that asked. */
public final class VertxDynamo {
  private final Vertx vertx;
  private final DynamoDbAsyncClient client;

  public VertxDynamo(Vertx vertx, DynamoDbAsyncClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  /** Fails with {@link io.streamer.shared.store.StoreUnavailableException} for I/O trouble. */
  public <T> Future<T> execute(Call<T> call) {
    return switch (call) {
      case Call.Done<T>(var value) -> Future.succeededFuture(value);
      case Call.Ask<T>(var request, var next) ->
          send(request).compose(answer -> execute(next.apply(answer)));
    };
  }

  private Future<Answer> send(StoreRequest request) {
    return Future.fromCompletionStage(SdkRequests.send(client, request), vertx.getOrCreateContext())
        .recover(e -> Future.failedFuture(cause(e)));
  }

  /** A stage names what went wrong behind an exception of its own. */
  private static Throwable cause(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }
}
