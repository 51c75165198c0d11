package io.streamer.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An @connections address, of a gateway node or an API: takes frames and answers what it is told
 * to.
 */
final class PushTarget implements AutoCloseable {
  private static final String PATH = "/@connections/";

  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final Deque<Integer> answers = new ArrayDeque<>(List.of(200));
  private final Map<String, Integer> ownAnswers = new ConcurrentHashMap<>();
  private final AtomicInteger here = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile int closes = 204;

  record Frame(String connection, String secret, JsonObject json) {}

  PushTarget() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(PATH, this::take);
    server.start();
  }

  /** Answers with these in turn; the last one stays. */
  void answer(Integer... statuses) {
    synchronized (answers) {
      answers.clear();
      answers.addAll(List.of(statuses));
    }
  }

  /** Always answers this connection's frames with this. */
  void answer(String connection, int status) {
    ownAnswers.put(connection, status);
  }

  /** Answers with this whoever has a connection closed; it is closed by a 204 alone. */
  void answerCloses(int status) {
    closes = status;
  }

  /** Answers nothing before {@link #letGo}. */
  void hold() {
    held = new CountDownLatch(1);
  }

  void letGo() {
    held.countDown();
  }

  /** How many frames are waiting for an answer. */
  int waiting() {
    return here.get();
  }

  /** How many frames were on their way at the same time, at most. */
  int mostAtOnce() {
    return mostAtOnce.get();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  Frame next() throws InterruptedException {
    return Objects.requireNonNull(frames.poll(20, TimeUnit.SECONDS), "no frame came");
  }

  /** Returns when the connection was to be closed. */
  void awaitClosed(String connection) throws InterruptedException {
    String next;
    do {
      next = nextClosed();
    } while (!next.equals(connection));
  }

  /** The next connection that was to be closed. */
  String nextClosed() throws InterruptedException {
    return Objects.requireNonNull(closed.poll(20, TimeUnit.SECONDS), "none was closed");
  }

  Optional<Frame> poll(Duration within) throws InterruptedException {
    return Optional.ofNullable(frames.poll(within.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Those that have come and were not taken. */
  List<Frame> all() {
    var all = new ArrayList<Frame>();
    frames.drainTo(all);
    return all;
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
    threads.close();
  }

  private void take(HttpExchange exchange) throws IOException {
    var connection = exchange.getRequestURI().getPath().substring(PATH.length());
    if (exchange.getRequestMethod().equals("DELETE")) {
      var status = closes;
      if (status == 204) {
        closed.add(connection);
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
      return;
    }
    mostAtOnce.accumulateAndGet(here.incrementAndGet(), Math::max);
    var json = new JsonObject(Buffer.buffer(exchange.getRequestBody().readAllBytes()));
    frames.add(
        new Frame(connection, exchange.getRequestHeaders().getFirst("X-Streamer-Internal"), json));
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    here.decrementAndGet();
    var own = ownAnswers.get(connection);
    exchange.sendResponseHeaders(own == null ? status() : own, -1);
    exchange.close();
  }

  private int status() {
    synchronized (answers) {
      return answers.size() > 1 ? answers.remove() : answers.element();
    }
  }
}
