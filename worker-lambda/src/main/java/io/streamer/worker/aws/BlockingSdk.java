package io.streamer.worker.aws;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Sends requests by the AWS SDK's client. */
final class BlockingSdk implements BlockingTransport {
  private final DynamoDbClient client;

  /**
   * By a client.
   *
   * @param client is closed with it
   */
  BlockingSdk(DynamoDbClient client) {
    this.client = client;
  }

  @Override
  public Answer send(StoreRequest request) {
    return SdkRequests.send(client, request);
  }

  @Override
  public void close() {
    client.close();
  }
}
