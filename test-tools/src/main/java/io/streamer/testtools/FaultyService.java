package io.streamer.testtools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a service of AWS on loopback and answers each request as a script says, down to the
 * bytes on the socket. Its errors are DynamoDB's.
 */
public final class FaultyService implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
  private final IntFunction<Reaction> script;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * One request.
   *
   * @param line its first
   * @param headers by their names in lower case
   */
  public record Asked(String line, Map<String, String> headers, String body) {}

  /** What becomes of a request. */
  public sealed interface Reaction {
    /** An answer, whose length and checksum are its own unless it has others. */
    record Say(int status, List<String> headers, String body) implements Reaction {
      public Say(int status, String body) {
        this(status, List.of(), body);
      }

      public Say with(String header) {
        var all = new ArrayList<>(headers);
        all.add(header);
        return new Say(status, all, body);
      }
    }

    /** The connection is reset. */
    record Reset() implements Reaction {}

    /** The connection ends within the answer's body. */
    record Truncate() implements Reaction {}

    /** What is said is no HTTP. */
    record Babble() implements Reaction {}

    /** Nothing is said. */
    record Hang() implements Reaction {}
  }

  /** What may go wrong with one try and not with the next. */
  public enum Passing {
    RESET,
    TRUNCATED,
    NO_JSON,
    INTERNAL_ERROR,
    BAD_GATEWAY,
    UNAVAILABLE,
    TOO_MANY,
    THROUGHPUT,
    THROTTLING,
    LIMIT,
    THROTTLING_BY_HEADER;

    public Reaction reaction() {
      return switch (this) {
        case RESET -> new Reaction.Reset();
        case TRUNCATED -> new Reaction.Truncate();
        case NO_JSON -> new Reaction.Say(200, "<html>");
        case INTERNAL_ERROR -> error(500, "InternalServerError");
        case BAD_GATEWAY -> new Reaction.Say(502, "<html>");
        case UNAVAILABLE -> error(503, "ServiceUnavailable");
        case TOO_MANY -> error(429, "TooMany");
        case THROUGHPUT -> error(400, "ProvisionedThroughputExceededException");
        case THROTTLING -> error(400, "ThrottlingException");
        case LIMIT -> error(400, "RequestLimitExceeded");
        case THROTTLING_BY_HEADER ->
            new Reaction.Say(400, "").with("x-amzn-ErrorType: ThrottlingException:http://a/");
      };
    }

    /** Whether somebody is there and wants to be asked less. */
    public boolean throttles() {
      return switch (this) {
        case TOO_MANY, THROUGHPUT, THROTTLING, LIMIT, THROTTLING_BY_HEADER -> true;
        case RESET, TRUNCATED, NO_JSON, INTERNAL_ERROR, BAD_GATEWAY, UNAVAILABLE -> false;
      };
    }
  }

  /**
   * Listens on a free port.
   *
   * @param script the reaction to each request, from 1
   */
  public FaultyService(IntFunction<Reaction> script) throws IOException {
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** An error of the service, whose words are "said". */
  public static Reaction.Say error(int status, String type) {
    return new Reaction.Say(
        status,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type + "\",\"message\":\"said\"}");
  }

  /** Where it listens, on loopback. */
  public int port() {
    return server.getLocalPort();
  }

  /** All requests so far. */
  public List<Asked> asked() {
    return asked;
  }

  /** How many connections were made. */
  public int connections() {
    return sockets.size();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var request = read(in); request != null; request = read(in)) {
        int number;
        synchronized (asked) {
          asked.add(request);
          number = asked.size();
        }
        if (!react(socket, script.apply(number))) {
          return;
        }
      }
    } catch (IOException _) {
      // the client has gone
    }
  }

  /** Whether the connection goes on. */
  private static boolean react(Socket socket, Reaction reaction) throws IOException {
    switch (reaction) {
      case Reaction.Say say -> {
        socket.getOutputStream().write(bytes(say, say.body().getBytes(UTF_8).length));
        return true;
      }
      case Reaction.Reset _ -> {
        socket.setSoLinger(true, 0);
        return false;
      }
      case Reaction.Truncate _ -> {
        socket.getOutputStream().write(bytes(new Reaction.Say(200, "{\"Item\":"), 100));
        return false;
      }
      case Reaction.Babble _ -> {
        socket.getOutputStream().write("220 mail.example ready, and waits\r\n".getBytes(UTF_8));
        return false;
      }
      case Reaction.Hang _ -> {
        var _ = socket.getInputStream().read();
        return false;
      }
    }
  }

  private static byte[] bytes(Reaction.Say say, int length) {
    var sum = new CRC32();
    sum.update(say.body().getBytes(UTF_8));
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Content-Type", "application/x-amz-json-1.0");
    headers.put("Content-Length", Integer.toString(length));
    headers.put("x-amz-crc32", Long.toString(sum.getValue()));
    for (var header : say.headers()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    var text = new StringBuilder("HTTP/1.1 " + say.status() + " Said\r\n");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    return (text + "\r\n" + say.body()).getBytes(UTF_8);
  }

  private static @Nullable Asked read(InputStream in) throws IOException {
    var first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Asked(first, headers, new String(body, UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return new String(line.toString().getBytes(ISO_8859_1), UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
