package io.streamer.system;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Stands in front of a door and lets its sockets through, until it is told to refuse, cut or close
 * them, or to add and to lose frames.
 */
final class Front implements AutoCloseable {
  private static final String SUBPROTOCOL = "streamer.v1";
  private static final int LARGEST = 1 << 20;
  private static final String FAILED =
      JsonObject.of("message", "Internal server error", "connectionId", "c=", "requestId", "q=")
          .encode();

  private final URI door;
  private final WebSocketClient outwards;
  private final HttpServer server;
  private final Wire wire;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();
  private final Set<String> losing = ConcurrentHashMap.newKeySet();
  private final Set<String> swallowing = ConcurrentHashMap.newKeySet();
  private final Map<String, Queue<JsonObject>> denials = new ConcurrentHashMap<>();
  private final Map<String, Integer> failing = new ConcurrentHashMap<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile int status;
  private volatile boolean twice;
  private volatile boolean lower;
  private volatile long heartbeatMs;
  private final AtomicLong ageMs = new AtomicLong();
  private volatile Consumer<JsonObject> witness = _ -> {};

  Front(Vertx vertx, URI door) {
    this.door = door;
    this.outwards =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxFrameSize(LARGEST).setMaxMessageSize(LARGEST));
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setWebSocketSubProtocols(List.of(SUBPROTOCOL))
                    .setMaxWebSocketFrameSize(LARGEST)
                    .setMaxWebSocketMessageSize(LARGEST))
            .webSocketHandshakeHandler(this::enter)
            .webSocketHandler(_ -> {})
            .listen(0)
            .await();
    this.wire = new Wire(vertx, server.actualPort());
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + wire.port() + door.getPath());
  }

  /** From here on another one hears what clients send, and which handshakes are refused. */
  void begin(Consumer<JsonObject> newWitness) {
    cut();
    losing.clear();
    swallowing.clear();
    denials.clear();
    failing.clear();
    refusals.set(0);
    twice = false;
    lower = false;
    heartbeatMs = 0;
    ageMs.set(0);
    witness = newWitness;
  }

  /** The next handshakes are answered with this status. */
  void refuse(int with, int times) {
    status = with;
    refusals.set(times);
  }

  /** Every frame of the server comes twice, as API Gateway may do it. */
  void repeat() {
    twice = true;
  }

  /** Each welcome from here on tells of this heartbeat. */
  void heartbeat(long ms) {
    heartbeatMs = ms;
  }

  /** The next welcome tells of this age at which the connection ends. */
  void age(long ms) {
    ageMs.set(ms);
  }

  /** Each progress from here on tells of a tenth of what it told. */
  void lower() {
    lower = true;
  }

  /** The sockets that are open stay so, and nothing comes from the server any more. */
  void mute() {
    pairs.forEach(Pair::mute);
  }

  /** The next frame of this type is lost, whoever sends it, and the socket with it. */
  void lose(String type) {
    losing.add(type);
  }

  /** The next frame of this type that the server sends is lost, and nothing else. */
  void swallow(String type) {
    swallowing.add(type);
  }

  /** The next frame of this type that a client sends goes no further: its answer is this error. */
  void deny(String type, JsonObject error) {
    denials.computeIfAbsent(type, _ -> new ConcurrentLinkedQueue<>()).add(error);
  }

  /**
   * The next frames of this type that a client sends go no further: each is answered with API
   * Gateway's own error, which does not say which frame it is of.
   */
  void fail(String type, int times) {
    failing.put(type, times);
  }

  /** Cuts all sockets without a word. */
  void cut() {
    wire.cut();
  }

  void close(int code, String reason) {
    pairs.forEach(pair -> pair.close(code, reason));
  }

  /** A text of the server's that the server never sent. */
  void send(String text) {
    pairs.forEach(pair -> pair.give(text));
  }

  @Override
  public void close() {
    wire.close();
    server.close().await();
    outwards.close().await();
  }

  private void enter(ServerWebSocketHandshake handshake) {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      witness.accept(JsonObject.of("door", "handshake", "status", status));
      handshake.reject(status);
      return;
    }
    var options =
        new WebSocketConnectOptions()
            .setHost(door.getHost())
            .setPort(door.getPort())
            .setURI(door.getPath());
    var headers = handshake.headers();
    if (headers.contains("Authorization")) {
      options.addHeader("Authorization", headers.get("Authorization"));
    }
    var offered = headers.get("Sec-WebSocket-Protocol");
    if (offered != null) {
      options.setSubProtocols(List.of(offered.split(", *")));
    }
    var _ =
        outwards
            .connect(options)
            .compose(far -> {
              far.pause();
              return handshake.accept().map(near -> new Pair(this, near, far));
            })
            .onSuccess(pair -> {
              pairs.add(pair);
              pair.onClosed(() -> pairs.remove(pair));
              pair.start();
            })
            .recover(e -> {
              handshake.reject(e instanceof UpgradeRejectedException no ? no.getStatus() : 502);
              return Future.failedFuture(e);
            });
  }

  /** Whether a frame that a client sent goes on to the server. */
  boolean takes(JsonObject frame) {
    witness.accept(JsonObject.of("door", "client", "frame", frame));
    return !losing.remove(frame.getString("type", "request"));
  }

  /** What a client's frame is answered with, if it goes no further. */
  Optional<String> denied(JsonObject frame) {
    var type = frame.getString("type", "request");
    if (failing.getOrDefault(type, 0) > 0) {
      failing.merge(type, -1, Integer::sum);
      return Optional.of(FAILED);
    }
    var errors = denials.get(type);
    var error = errors == null ? null : errors.poll();
    return error == null
        ? Optional.empty()
        : Optional.of(
            JsonObject.of(
                    "type",
                    "error",
                    "request_id",
                    frame.getString("id"),
                    "timestamp",
                    System.currentTimeMillis() / 1000.0,
                    "error",
                    error)
                .encode());
  }

  /** What a client gets of a frame that the server sent. */
  String told(String text) {
    var frame = new JsonObject(text);
    return switch (frame.getString("type", "")) {
      case "welcome" -> welcome(frame).encode();
      case "progress" ->
          lower ? frame.put("percentage", frame.getDouble("percentage") / 10).encode() : text;
      default -> text;
    };
  }

  private JsonObject welcome(JsonObject frame) {
    if (heartbeatMs > 0) {
      frame.put("heartbeat_ms", heartbeatMs);
    }
    long age = ageMs.getAndSet(0);
    return age > 0 ? frame.put("max_age_ms", age) : frame;
  }

  /** Whether a frame that the server sent is lost with its socket. */
  boolean loses(String text) {
    return losing.remove(typeOf(text));
  }

  /** How often a frame that the server sent goes on to the client. */
  int times(String text) {
    return swallowing.remove(typeOf(text)) ? 0 : twice ? 2 : 1;
  }

  private static String typeOf(String text) {
    return new JsonObject(text).getString("type", "");
  }
}
