package io.streamer.soak.abuse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** A connection to a gateway that does what no client library would. One thread reads it. */
public final class RawLink implements AutoCloseable {
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xa;

  /** In the first byte of a message's last frame. */
  public static final int LAST = 0x80;

  private static final int CONNECT_MS = 10_000;
  private static final int PATIENCE_MS = 30_000;

  /** Small, so that what is not read stays with the gateway. */
  private static final int RECEIVE_BUFFER = 8 * 1024;

  /** A frame. */
  public record Frame(int opcode, boolean last, Buffer payload) {}

  private final Socket socket;
  private final DataInputStream in;

  private RawLink(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** A TCP connection on which nothing was said. */
  static RawLink connect(URI door) throws IOException {
    var socket = new Socket();
    try {
      socket.setReceiveBufferSize(RECEIVE_BUFFER);
      socket.connect(new InetSocketAddress(door.getHost(), door.getPort()), CONNECT_MS);
      socket.setSoTimeout(PATIENCE_MS);
      return new RawLink(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * A WebSocket.
   *
   * @throws IOException if it is refused
   */
  public static RawLink open(URI door, String token) throws IOException {
    return open(door, token, new byte[0]);
  }

  /**
   * A WebSocket.
   *
   * @param early what is sent with the handshake, before it is answered
   * @throws IOException if it is refused
   */
  public static RawLink open(URI door, String token, byte[] early) throws IOException {
    var link = connect(door);
    try {
      link.handshake(door, token, early);
      return link;
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  private void handshake(URI door, String token, byte[] early) throws IOException {
    var head =
        String.join(
            "\r\n",
            "GET " + door.getPath() + " HTTP/1.1",
            "Host: " + door.getHost(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Authorization: Bearer " + token,
            "",
            "");
    var all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(UTF_8));
    all.writeBytes(early);
    raw(all.toByteArray());
    var status = line();
    var answer = new StringBuilder(status);
    for (var header = line(); !header.isEmpty(); header = line()) {
      answer.append(", ").append(header);
    }
    if (!status.startsWith("HTTP/1.1 101")) {
      throw new IOException("refused: " + answer);
    }
  }

  /** Sends bytes as they are. */
  public void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends a message. */
  public void send(String text) throws IOException {
    frame(TEXT, text.getBytes(UTF_8));
  }

  /** Sends a frame that is a message. */
  public void frame(int opcode, byte[] payload) throws IOException {
    begin(LAST | opcode, payload.length, payload, payload.length);
  }

  /**
   * Sends a frame's head and some of its payload.
   *
   * @param first its first byte: an opcode, and {@link #LAST} for the last of a message
   * @param announced how long its payload is said to be
   */
  public synchronized void begin(int first, int announced, byte[] payload, int sent)
      throws IOException {
    var bytes = new ByteArrayOutputStream(14 + sent);
    bytes.write(first);
    if (announced < 126) {
      bytes.write(0x80 | announced);
    } else if (announced < 65_536) {
      bytes.write(0x80 | 126);
      bytes.write(announced >> 8);
      bytes.write(announced);
    } else {
      bytes.write(0x80 | 127);
      bytes.writeBytes(new byte[4]);
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.write(announced >> shift);
      }
    }
    // a mask of zeros leaves the payload as it is
    bytes.writeBytes(new byte[4]);
    bytes.write(payload, 0, sent);
    raw(bytes.toByteArray());
  }

  /** Reads the next frame. */
  public Frame next() throws IOException {
    int head = in.readUnsignedByte();
    int length = in.readUnsignedByte() & 0x7f;
    long bytes =
        switch (length) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> length;
        };
    var payload = in.readNBytes((int) bytes);
    if (payload.length < bytes) {
      throw new EOFException("in a frame");
    }
    return new Frame(head & 0xf, (head & 0x80) != 0, Buffer.buffer(payload));
  }

  /**
   * The next message's text, of however many frames.
   *
   * @throws IOException if the connection ends, or nothing comes for half a minute
   */
  public String text() throws IOException {
    var text = Buffer.buffer();
    while (true) {
      var frame = next();
      switch (frame.opcode()) {
        case TEXT, CONTINUATION -> {
          text.appendBuffer(frame.payload());
          if (frame.last()) {
            return text.toString();
          }
        }
        case CLOSE -> throw new EOFException("closed");
        default -> {
          // a ping
        }
      }
    }
  }

  /** Breaks the connection off, whatever is still on its way. */
  void reset() {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // it is broken off already
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("in the handshake");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Drops the connection without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
