package io.streamer.cli;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** A server that answers each frame with frames that a test has written down. */
public final class ScriptedGateway implements AutoCloseable {
  private static final String CLOSE = "close with ";

  /** A reply that closes the socket instead. */
  public static final String RESTART = "close with 1012";

  /** The same, where the next connection is made at once. */
  public static final String AGED = "close with 1001";

  public final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
  public final LinkedBlockingQueue<String> tokens = new LinkedBlockingQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  private ScriptedGateway(java.util.function.BiConsumer<ScriptedGateway, HttpServerRequest> door) {
    var options =
        new HttpServerOptions().setHost("127.0.0.1").addWebSocketSubProtocol("streamer.v1");
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> door.accept(this, request))
            .listen(0)
            .await();
  }

  /** Accepts everyone; the script gets the request's id. */
  public static ScriptedGateway answering(Function<String, List<String>> script) {
    return speaking(frame ->
        frame.getString("type").equals("hello")
            ? List.of(welcome(""))
            : script.apply(frame.getString("id")));
  }

  /** Accepts everyone; the script gets each frame, hellos too. */
  public static ScriptedGateway speaking(Function<JsonObject, List<String>> script) {
    return new ScriptedGateway((gateway, request) -> {
      gateway.tokens.add(request.getHeader("Authorization"));
      var _ =
          request
              .toWebSocket()
              .onSuccess(socket ->
                  socket.textMessageHandler(text -> {
                    var frame = new JsonObject(text);
                    if (!frame.getString("type").equals("hello")) {
                      gateway.frames.add(text);
                    }
                    for (var reply : script.apply(frame)) {
                      var _ =
                          reply.startsWith(CLOSE)
                              ? socket.close(
                                  Short.parseShort(reply.substring(CLOSE.length())), "restart")
                              : socket.writeTextMessage(reply);
                    }
                  }));
    });
  }

  /** The answer to a hello, with these jobs. */
  public static String welcome(String jobs) {
    return "{\"type\":\"welcome\",\"request_id\":\"hello\",\"session\":\"s\","
        + "\"recovered\":true,\"jobs\":["
        + jobs
        + "]}";
  }

  /** Accepts no one. */
  public static ScriptedGateway refusing(int status, String body) {
    return new ScriptedGateway((_, request) -> {
      var _ = request.response().setStatusCode(status).end(body);
    });
  }

  public String url() {
    return "ws://127.0.0.1:" + server.actualPort() + "/ws";
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
