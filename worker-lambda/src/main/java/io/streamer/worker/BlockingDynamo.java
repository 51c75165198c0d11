package io.streamer.worker;

import io.streamer.shared.store.Call;
import io.streamer.shared.store.SdkRequests;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Executes calls on the caller's thread. */
final class BlockingDynamo {
  private final DynamoDbClient client;

  BlockingDynamo(DynamoDbClient client) {
    this.client = client;
  }

  /**
   * @throws io.streamer.shared.store.StoreUnavailableException if the tables are out of reach or
   *     take no more now
   */
  <T> T execute(Call<T> call) {
    var step = call;
    while (true) {
      switch (step) {
        case Call.Done<T>(var value) -> {
          return value;
        }
        case Call.Ask<T>(var request, var next) ->
            step = next.apply(SdkRequests.send(client, request));
      }
    }
  }
}
