package io.streamer.soak.bench.stub;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;

/** Answers for a collector of traces, and for CloudWatch: all is taken, and none is kept. */
public final class SignalSink implements AutoCloseable {
  private final Vertx vertx;
  private final HttpServer server;

  private SignalSink(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  public static SignalSink start() {
    var vertx = Vertx.vertx();
    var server =
        vertx.createHttpServer().requestHandler(SignalSink::answer).listen(0, "127.0.0.1").await();
    return new SignalSink(vertx, server);
  }

  /** Nothing is an empty message of Protobuf's, which a collector answers; so may CloudWatch. */
  private static void answer(HttpServerRequest request) {
    request.endHandler(_ ->
        request
            .response()
            .putHeader("Content-Type", "application/x-protobuf")
            .putHeader("smithy-protocol", "rpc-v2-cbor")
            .end());
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
