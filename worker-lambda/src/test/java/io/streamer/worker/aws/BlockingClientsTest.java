package io.streamer.worker.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.push.BlockingPushTransport;
import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.table.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/** What a worker's clients do with a service that fails, and with their connections. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class BlockingClientsTest {
  private static final int TOGETHER = 32;

  @Parameter private Transport transport;

  private final AtomicInteger asked = new AtomicInteger();
  private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
  private volatile int failures;
  private volatile int failure = 500;
  private volatile CyclicBarrier together = new CyclicBarrier(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({"500, 1", "500, 2", "503, 1", "503, 2"})
  void aTableThatFailsOnceOrTwiceIsAskedAgain(int status, int times) {
    failure = status;
    failures = times;
    try (var client = BlockingClients.store(transport, settings(address()))) {
      assertThat(new BlockingDynamo(client).execute(nodes().find("n1"))).isEmpty();
    }
    assertThat(asked).hasValue(times + 1);
  }

  @ParameterizedTest
  @CsvSource({"500", "503"})
  void aTableThatFailsIsAskedThreeTimesAndNoMore(int status) {
    failure = status;
    failures = Integer.MAX_VALUE;
    try (var client = BlockingClients.store(transport, settings(address()))) {
      var dynamo = new BlockingDynamo(client);
      assertThatThrownBy(() -> dynamo.execute(nodes().find("n1")))
          .isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  void pushesThatWereUnderWayTogetherKeepTheirConnections() throws Exception {
    // whatever runs in a worker comes behind its first client
    firstClient();
    together = new CyclicBarrier(TOGETHER);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var push = push(address())) {
      for (int round = 0; round < 3; round++) {
        var pushes = new ArrayList<Future<Pushed>>();
        for (int i = 0; i < TOGETHER; i++) {
          pushes.add(threads.submit(() -> push.post("api:main", "c", new byte[] {'{', '}'})));
        }
        for (var pushed : pushes) {
          assertThat(pushed.get()).isEqualTo(new Pushed.Delivered());
        }
      }
    }
    assertThat(asked).hasValue(3 * TOGETHER);
    assertThat(ports).hasSize(TOGETHER);
  }

  @Test
  void aPushWhoseConnectionBreaksIsNotRepeatedUnseen() throws Exception {
    firstClient();
    var frames = new AtomicInteger();
    // the threads end last: by the end of what they accept
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var breaking = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var push = push(URI.create("http://127.0.0.1:" + breaking.getLocalPort()))) {
      var _ =
          threads.submit(() -> {
            // the first is answered and its connection kept, the next breaks it
            while (true) {
              try (var socket = breaking.accept()) {
                var input = socket.getInputStream();
                while (readRequest(input)) {
                  if (frames.incrementAndGet() > 1) {
                    break;
                  }
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                              .getBytes(StandardCharsets.US_ASCII));
                }
              }
            }
          });
      assertThat(push.post("api:main", "c", new byte[] {'1'})).isEqualTo(new Pushed.Delivered());
      assertThat(push.post("api:main", "c", new byte[] {'2'})).isInstanceOf(Pushed.Failed.class);
      assertThat(frames).hasValue(2);
    }
  }

  private void firstClient() {
    try (var first = BlockingClients.store(transport, settings(address()))) {
      assertThat(first).isNotNull();
    }
  }

  /** Up to the one byte of its body. */
  private static boolean readRequest(InputStream input) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = input.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    return input.read() >= 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var number = asked.incrementAndGet();
    ports.add(exchange.getRemoteAddress().getPort());
    exchange.getRequestBody().readAllBytes();
    try {
      together.await();
    } catch (Exception e) {
      throw new IOException(e);
    }
    var body = "{}".getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    if (exchange.getRequestURI().getPath().startsWith("/@connections")) {
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(number <= failures ? failure : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static NodeCalls nodes() {
    return new NodeCalls(new Tables("test"), InstantSource.system());
  }

  private PushClient push(URI address) {
    return new PushClient(
        Endpoints.of(Map.of("api:main", address)),
        BlockingPushTransport.of(
            transport, () -> "", "us-east-1", AnonymousCredentialsProvider.create()));
  }

  private static AwsSettings settings(URI address) {
    return AwsSettings.read(
        new Environment(
            Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_ENDPOINT_URL_DYNAMODB", address.toString())));
  }
}
