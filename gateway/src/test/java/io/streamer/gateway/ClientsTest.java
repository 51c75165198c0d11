package io.streamer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.store.StoreTransport;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.table.Tables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client of ours does while its service is away, by either way to it. */
@ParameterizedClass
@EnumSource
class ClientsTest {
  /** Less than one of the SDK's own tries takes. */
  private static final long PATIENCE_SECONDS = 15;

  /** What the SDK's bucket of tokens allows while nothing succeeds: 500, and 5 for each. */
  private static final int MOST_RETRIES = 100;

  @Parameter private Transport transport;

  @ParameterizedTest
  @CsvSource({"500, 1, 2", "500, 2, 3", "503, 1, 2", "503, 9, 3", "500, 9, 3"})
  void aTableThatFailsIsAskedThreeTimesAndNoMore(int status, int failures, int calls)
      throws Exception {
    var asked = new AtomicInteger();
    var table = table(() -> asked.incrementAndGet() <= failures ? status : 200);
    var vertx = Vertx.vertx();
    try (var way = way(vertx, table.getAddress().getPort())) {
      var nodes = new NodeCalls(new Tables("test"), InstantSource.system());
      var answer = new VertxDynamo(vertx, way).execute(nodes.find("n1"));
      Future.join(List.of(answer.otherwiseEmpty())).await();
      assertThat(answer.succeeded()).isEqualTo(failures < calls);
    } finally {
      vertx.close().await();
      table.stop(0);
    }
    assertThat(asked).hasValue(calls);
  }

  @ParameterizedTest
  @CsvSource({"500, 200", "503, 400"})
  void tablesThatAreAwayAreAskedLittleMoreThanOnceByEachWhoComes(int status, int callers)
      throws Exception {
    var asked = new AtomicInteger();
    var table =
        table(() -> {
          asked.incrementAndGet();
          return status;
        });
    var vertx = Vertx.vertx();
    try (var way = way(vertx, table.getAddress().getPort())) {
      var nodes = new NodeCalls(new Tables("test"), InstantSource.system());
      var store = new VertxDynamo(vertx, way);
      var answers =
          IntStream.range(0, callers).mapToObj(i -> store.execute(nodes.find("n" + i))).toList();
      Future.join(answers).otherwiseEmpty().await();
      assertThat(answers).allMatch(Future::failed);
    } finally {
      vertx.close().await();
      table.stop(0);
    }
    // on a loaded machine some are given up before they have asked at all
    assertThat(asked.get()).isBetween(callers / 2, callers + MOST_RETRIES);
  }

  private static HttpServer table(IntSupplier status) throws IOException {
    var table = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    table.createContext(
        "/",
        exchange -> {
          var answer = "{}".getBytes(StandardCharsets.US_ASCII);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status.getAsInt(), answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    table.start();
    return table;
  }

  @Test
  void aTableThatStallsIsGivenUpLongBeforeTheSdkWould() throws Exception {
    var vertx = Vertx.vertx();
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var way = way(vertx, silent.getLocalPort())) {
      var nodes = new NodeCalls(new Tables("test"), InstantSource.system());
      var answer =
          new VertxDynamo(vertx, way)
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

  private StoreTransport way(Vertx vertx, int port) {
    return Clients.store(vertx, transport, settings(port), List.of());
  }

  private static AwsSettings settings(int port) {
    return AwsSettings.read(
        new Environment(
            Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + port)));
  }
}
