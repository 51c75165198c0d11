package io.streamer.emulator.apigateway;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;

/** Tells of what strangers and broken clients do to the port. */
public interface PortEvents {
  /** Says nothing: Vert.x and Netty have their own words. */
  PortEvents UNTOLD = new PortEvents() {};

  /** A server is about to listen. */
  default void watch(HttpServer server) {}

  /** A connection has come. */
  default void meet(HttpConnection connection) {}

  /** Something of theirs went wrong. */
  default void failed(String kind, Throwable thrown) {}
}
