package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Pages that have the client for JavaScript, for a browser. */
final class ClientPages implements AutoCloseable {
  private static final String FOLDER = "/io/streamer/system/client/";

  private final HttpServer server;

  /**
   * Pages with the client as it was built.
   *
   * @param react the bundle of a page with React
   */
  ClientPages(Path client, Path react) throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var html = text("index.html");
    put("/plain/", html);
    put("/plain/client-page.js", text("page.js"));
    put("/plain/streamer.min.js", Files.readAllBytes(client.resolve("dist/streamer.min.js")));
    put("/react/", html);
    put("/react/client-page.js", Files.readAllBytes(react));
    server.start();
  }

  /** A page whose client goes to this door with this token. */
  URI page(String name, URI door, String token) {
    var query = "url=" + encoded(door.toString()) + "&token=" + encoded(token);
    return URI.create(
        "http://127.0.0.1:%d/%s/?%s".formatted(server.getAddress().getPort(), name, query));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void put(String path, byte[] body) {
    var kinds = Map.of("js", "text/javascript", "", "text/html");
    var kind = kinds.get(path.endsWith(".js") ? "js" : "");
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", kind + "; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
  }

  private static byte[] text(String name) {
    try (InputStream in = ClientPages.class.getResourceAsStream(FOLDER + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, UTF_8);
  }
}
