package io.streamer.emulator.apigateway;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A WebSocket client that sends any frame and shows each as it came. */
final class RawSocket implements AutoCloseable {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** A frame off the wire. */
  record Frame(boolean last, int opcode, Buffer payload) {
    String text() {
      return payload.toString(StandardCharsets.UTF_8);
    }

    int length() {
      return payload.length();
    }
  }

  /** A close frame's code and reason. */
  record Closed(int code, String reason) {}

  private final Socket socket;
  private final DataInputStream in;
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final int status;
  private final String refusal;
  private boolean closing;

  /** Sends a handshake and reads its answer. */
  RawSocket(URI uri, Map<String, String> extra) throws IOException {
    this(uri, extra, 0);
  }

  /** With a receive buffer of so many bytes; 0 for the system's own. */
  RawSocket(URI uri, Map<String, String> extra, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(head(uri, extra));
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    status = Integer.parseInt(line().split(" ", -1)[1]);
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    refusal =
        status == 101
            ? ""
            : new String(
                in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))),
                StandardCharsets.UTF_8);
  }

  /** Sends a handshake whose answer nobody reads. */
  static Socket begin(URI uri) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
    socket.getOutputStream().write(head(uri, Map.of()));
    return socket;
  }

  private static byte[] head(URI uri, Map<String, String> extra) {
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    var lines = new ArrayList<String>();
    lines.add("GET " + uri.getRawPath() + query + " HTTP/1.1");
    lines.add("Host: " + uri.getHost() + ":" + uri.getPort());
    lines.add("Upgrade: websocket");
    lines.add("Connection: Upgrade");
    lines.add("Sec-WebSocket-Version: 13");
    lines.add("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==");
    extra.forEach((name, value) -> lines.add(name + ": " + value));
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  int status() {
    return status;
  }

  String refusal() {
    return refusal;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  void text(String text) throws IOException {
    send(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  void send(boolean last, int opcode, byte[] payload) throws IOException {
    var frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) ((last ? 0x80 : 0) | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    // a mask of zeros leaves the payload as it is
    frame.putInt(0).put(payload);
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  void close(int code, String reason) throws IOException {
    closing = true;
    var text = reason.getBytes(StandardCharsets.UTF_8);
    send(
        true, CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  Frame frame() throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    return new Frame((first & 0x80) != 0, first & 0x0f, Buffer.buffer(in.readNBytes((int) length)));
  }

  /** The frames of the next text message. */
  List<Frame> message() throws IOException {
    var frames = new ArrayList<Frame>();
    do {
      frames.add(frame());
    } while (!frames.getLast().last());
    return frames;
  }

  /** The next message's text. */
  String read() throws IOException {
    var frames = message();
    if (frames.getFirst().opcode() != TEXT) {
      throw new AssertionError("no text but " + frames);
    }
    var whole = new ByteArrayOutputStream();
    frames.forEach(frame -> whole.writeBytes(frame.payload().getBytes()));
    return whole.toString(StandardCharsets.UTF_8);
  }

  /** The next frame, which must be a close; it is answered unless it is an answer itself. */
  Closed readClose() throws IOException {
    var frame = frame();
    if (frame.opcode() != CLOSE) {
      throw new AssertionError("no close but opcode " + frame.opcode());
    }
    var payload = frame.payload();
    if (!closing) {
      send(true, CLOSE, payload.getBytes());
    }
    return new Closed(payload.getShort(0), payload.getString(2, payload.length()));
  }

  /** Sends a ping and waits for its answer: what was sent before has been taken. */
  void awaitPong() throws IOException {
    send(true, PING, new byte[0]);
    var answer = frame();
    if (answer.opcode() != PONG) {
      throw new AssertionError("no pong but opcode " + answer.opcode());
    }
  }

  /** Ends without a close frame. */
  void drop() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
