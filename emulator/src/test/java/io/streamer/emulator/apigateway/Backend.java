package io.streamer.emulator.apigateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the integrations call: a real HTTP server that keeps what it got. */
final class Backend implements AutoCloseable {
  /** A request as it arrived. */
  record Seen(String method, URI uri, Headers headers, String body) {
    String path() {
      return uri.getPath();
    }

    String header(String name) {
      return headers.getFirst(name);
    }
  }

  /** What a request is answered with. */
  record Answer(int status, Map<String, String> headers, String body) {
    static final Answer NOTHING = new Answer(200, Map.of(), "");

    static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body);
    }
  }

  /** Answers on a virtual thread of its own. */
  interface Behaviour {
    Answer answer(Seen seen) throws InterruptedException;
  }

  private final HttpServer server;
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private volatile Behaviour behaviour = _ -> Answer.NOTHING;

  Backend() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void behave(Behaviour next) {
    behaviour = next;
  }

  /** The next request that arrived. */
  Seen next() throws InterruptedException {
    var next = seen.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no request arrived");
    }
    return next;
  }

  boolean sawNothingElse() {
    return seen.isEmpty();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var request =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              body);
      seen.add(request);
      var answer = behaviour.answer(request);
      answer.headers().forEach(exchange.getResponseHeaders()::add);
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
