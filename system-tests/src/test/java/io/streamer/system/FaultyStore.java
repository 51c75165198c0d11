package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Carries requests to the tables, and loses what a test wants lost. */
final class FaultyStore implements AutoCloseable {
  private static final Set<String> OURS =
      Set.of("host", "content-length", "connection", "expect", "upgrade");

  private static final Pattern WRITE = Pattern.compile("PutItem|UpdateItem|DeleteItem");
  private static final Pattern READ = Pattern.compile("GetItem|Query");

  private final URI tables;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile Rule rule = new Rule(List.of(), () -> true, new AtomicInteger());

  private volatile Memory memory =
      new Memory(List.of(), new AtomicReference<>(), new AtomicInteger());
  private volatile Use use = Use.KEEP;

  private volatile boolean counting;
  private final DoubleAdder writeUnits = new DoubleAdder();
  private final DoubleAdder readUnits = new DoubleAdder();

  /** What a request says of itself, and whether it is answered once it is done. */
  private record Rule(List<String> words, BooleanSupplier answered, AtomicInteger met) {
    boolean of(String request) {
      return !words.isEmpty() && words.stream().allMatch(request::contains);
    }
  }

  private enum Use {
    RENEW,
    KEEP,
    REPEAT
  }

  /** An answer that may be given again. */
  private record Memory(
      List<String> words, AtomicReference<HttpResponse<byte[]>> newest, AtomicInteger repeated) {}

  FaultyStore(URI tables) throws IOException {
    this.tables = tables;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::carry);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * From here on, requests with all of these words are done and then asked about.
   *
   * @param answered whether the answer gets through
   */
  void when(List<String> words, BooleanSupplier answered) {
    rule = new Rule(words, answered, new AtomicInteger());
  }

  /** From here on, the newest answer to requests with all of these words is remembered. */
  void remember(List<String> words) {
    memory = new Memory(words, new AtomicReference<>(), new AtomicInteger());
    use = Use.RENEW;
  }

  /** The newest answer is remembered whatever comes. */
  void keep() {
    use = Use.KEEP;
  }

  /** From here on, such requests are answered with it, as if nothing had happened since. */
  void repeat() {
    use = Use.REPEAT;
  }

  /** Ends that. */
  void repeatNoMore() {
    use = Use.KEEP;
  }

  /** How often that was done. */
  int repeated() {
    return memory.repeated().get();
  }

  /** How many requests the rule was for. */
  int met() {
    return rule.met().get();
  }

  /** From here on, what requests cost is counted. */
  void count() {
    counting = true;
  }

  /** What writes have cost, by the tables' own account. */
  double writeUnits() {
    return writeUnits.sum();
  }

  /** What reads have cost, by the tables' own account. */
  double readUnits() {
    return readUnits.sum();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }

  private void carry(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var written = counting && WRITE.matcher(target(exchange)).find();
      var counted = written || (counting && READ.matcher(target(exchange)).find());
      if (counted) {
        body = asked(body);
      }
      var request =
          HttpRequest.newBuilder(tables).POST(HttpRequest.BodyPublishers.ofByteArray(body));
      var headers = new ArrayList<String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
              values.forEach(value -> request.header(name, value));
              headers.addAll(values);
            }
          });
      var text = headers + new String(body, UTF_8);
      var answer =
          again(text, client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
      if (counted) {
        (written ? writeUnits : readUnits).add(units(answer.body()));
      }
      var met = rule;
      if (met.of(text)) {
        met.met().incrementAndGet();
        if (!met.answered().getAsBoolean()) {
          return;
        }
      }
      answer
          .headers()
          .map()
          .forEach((name, values) -> {
            if (name.startsWith("x-") || name.equals("content-type")) {
              values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
          });
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> again(String request, HttpResponse<byte[]> answer) {
    var asked = memory;
    if (asked.words().isEmpty() || !asked.words().stream().allMatch(request::contains)) {
      return answer;
    }
    return switch (use) {
      case RENEW -> {
        asked.newest().set(answer);
        yield answer;
      }
      case KEEP -> answer;
      case REPEAT -> {
        asked.repeated().incrementAndGet();
        yield asked.newest().get();
      }
    };
  }

  private static String target(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("X-Amz-Target");
  }

  /** The local tables look at no signature. */
  private static byte[] asked(byte[] body) {
    return ("{\"ReturnConsumedCapacity\":\"TOTAL\"," + new String(body, UTF_8).substring(1))
        .getBytes(UTF_8);
  }

  private static double units(byte[] answer) {
    var consumed = new JsonObject(Buffer.buffer(answer)).getJsonObject("ConsumedCapacity");
    return consumed == null ? 0 : consumed.getDouble("CapacityUnits");
  }
}
