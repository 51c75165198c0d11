package io.streamer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.NodeCalls;
import io.streamer.shared.store.StoreUnavailableException;
import io.streamer.shared.store.Tables;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client of ours does while its service is away. */
class ClientsTest {
  /** Less than one of the SDK's own tries takes. */
  private static final long PATIENCE_SECONDS = 15;

  @Test
  void aTableThatStallsIsGivenUpLongBeforeTheSdkWould() throws Exception {
    var vertx = Vertx.vertx();
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var client =
            Clients.dynamo(
                AwsSettings.read(
                    new Environment(
                        Map.of(
                            "AWS_REGION",
                            "us-east-1",
                            "AWS_ACCESS_KEY_ID",
                            "id",
                            "AWS_SECRET_ACCESS_KEY",
                            "secret",
                            "AWS_ENDPOINT_URL_DYNAMODB",
                            "http://127.0.0.1:" + silent.getLocalPort()))),
                Meters.unread())) {
      var nodes = new NodeCalls(new Tables("test"), InstantSource.system());
      var answer =
          new VertxDynamo(vertx, client)
              .execute(nodes.find("n1"))
              .toCompletionStage()
              .toCompletableFuture();
      var failure =
          assertThrows(
              ExecutionException.class, () -> answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertThat(failure).hasCauseInstanceOf(StoreUnavailableException.class);
    } finally {
      vertx.close().await();
    }
  }
}
