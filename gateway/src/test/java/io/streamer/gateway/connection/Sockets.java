package io.streamer.gateway.connection;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.time.Clocks;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Real sockets between a registry's sessions and clients that the test speaks for. */
public final class Sockets {
  static final DoorTerms TERMS = new DoorTerms(25_000, DoorTerms.MAX_AGE_MS, 131_072, null, "test");

  private final Registry registry;
  private final BlockingQueue<SocketSession> opened = new LinkedBlockingQueue<>();
  private final HttpServer server;

  // one that nothing holds is closed
  private final WebSocketClient clients;

  /** Sockets that are nobody else's concern. */
  static Sockets of(Vertx vertx) {
    return of(vertx, new Registry());
  }

  /** Those of a registry. */
  static Sockets of(Vertx vertx, Registry registry) {
    return of(
        vertx,
        registry,
        session ->
            session
                .line()
                .serve(
                    new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder().build()),
                    new Leaving(() -> registry.remove(session.id())),
                    () -> {}));
  }

  /**
   * Those of a registry.
   *
   * @param serve has somebody take what a session's client sends
   */
  public static Sockets of(Vertx vertx, Registry registry, Consumer<SocketSession> serve) {
    return new Sockets(
        vertx,
        registry,
        (opening, channel) -> {
          var context = vertx.getOrCreateContext();
          var session =
              new SocketSession(
                  opening,
                  TERMS,
                  channel,
                  context,
                  registry.budget(),
                  registry.signals(),
                  Clocks.of(InstantSource.system()));
          registry.add(session);
          serve.accept(session);
          return session;
        });
  }

  /**
   * Sockets.
   *
   * @param open makes a session of one
   */
  Sockets(
      Vertx vertx,
      Registry registry,
      BiFunction<SocketSession.Opening, Channel, SocketSession> open) {
    this.registry = registry;
    this.clients =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxFrameSize(1 << 20).setMaxMessageSize(1 << 20));
    this.server =
        vertx
            .createHttpServer()
            .webSocketHandler(socket -> {
              var id = UUID.randomUUID().toString();
              var opening =
                  new SocketSession.Opening(
                      id,
                      new Caller("acme", "ann", Set.of()),
                      new Route(id, "node:here", Long.MAX_VALUE),
                      Long.MAX_VALUE,
                      "",
                      "");
              opened.add(open.apply(opening, plain(socket)));
            })
            .listen(0, "127.0.0.1")
            .await();
  }

  /** Hears nothing but the end. */
  private record Leaving(Runnable left) implements Line.Receiver {
    @Override
    public void take(WebSocketFrame frame) {}

    @Override
    public void resumed() {}

    @Override
    public void failed(Throwable why) {}

    @Override
    public void ended() {
      left.run();
    }
  }

  /**
   * What the door makes of a connection: a channel on which nothing of HTTP is left, and which may
   * have been left unread.
   */
  private static Channel plain(ServerWebSocket socket) {
    var http = ((WebSocketInternal) socket).channelHandlerContext();
    var pipeline = http.pipeline();
    pipeline.remove(http.handler());
    pipeline.remove("wsencoder");
    pipeline.remove("wsdecoder");
    http.channel().config().setAutoRead(false);
    return http.channel();
  }

  Registry registry() {
    return registry;
  }

  /** Connects a client; returns when its session is there. */
  public Client open() {
    var socket = clients.connect(server.actualPort(), "127.0.0.1", "/").await();
    return new Client(socket, take(opened, () -> "no session"));
  }

  /** The other end. */
  public static final class Client {
    private final WebSocket socket;
    private final SocketSession session;
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final Promise<Short> closed = Promise.promise();

    Client(WebSocket socket, SocketSession session) {
      this.socket = socket;
      this.session = session;
      socket.textMessageHandler(texts::add);
      socket.closeHandler(_ -> closed.complete(socket.closeStatusCode()));
    }

    public SocketSession session() {
      return session;
    }

    /** The next text that comes, within half a minute. */
    public String next() {
      return take(texts, this::toString);
    }

    /** Both ends of it, for a test that waits in vain. */
    @Override
    public String toString() {
      var channel = session.line().channel();
      return "%d bytes kept, writable %s, %s; the client's side: %s, read %s, %d texts left"
          .formatted(
              session.line().kept(),
              channel.isWritable(),
              channel,
              channel(),
              channel().config().isAutoRead(),
              left());
    }

    /** Texts that were not taken. */
    int left() {
      return texts.size();
    }

    /** Nothing more is read when this returns: what is paused takes some messages on by itself. */
    void pause() {
      socket.pause();
      read(false);
    }

    void resume() {
      read(true);
      socket.resume();
    }

    private Channel channel() {
      return ((WebSocketInternal) socket).channelHandlerContext().channel();
    }

    private void read(boolean on) {
      var channel = channel();
      channel.eventLoop().submit(() -> channel.config().setAutoRead(on)).syncUninterruptibly();
    }

    /** Sends a text. */
    public void send(String text) {
      socket.writeTextMessage(text).await();
    }

    public void leave() {
      socket.close().await();
    }

    int closeCode() {
      return closed.future().await();
    }
  }

  private static <T> T take(BlockingQueue<T> queue, Supplier<String> state) {
    try {
      var taken = queue.poll(30, TimeUnit.SECONDS);
      if (taken == null) {
        throw new AssertionError("it never comes: " + state.get());
      }
      return taken;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
