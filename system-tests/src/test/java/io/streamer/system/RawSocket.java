package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;

/**
 * A WebSocket client that does only what it is told: it answers no ping and reads nothing by
 * itself.
 */
final class RawSocket implements AutoCloseable {
  private static final int PATIENCE_MS = 20_000;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xA;

  private final Socket socket;
  private final DataInputStream in;

  RawSocket(URI door, String token) throws IOException {
    this(door, token, new byte[0]);
  }

  /**
   * A socket.
   *
   * @param early what is sent with the handshake, before it is answered
   */
  RawSocket(URI door, String token, byte[] early) throws IOException {
    socket = new Socket();
    // small, so that what is not read stays with the server
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new java.net.InetSocketAddress(door.getHost(), door.getPort()));
    socket.setSoTimeout(PATIENCE_MS);
    in = new DataInputStream(socket.getInputStream());
    var handshake =
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
    all.writeBytes(handshake.getBytes(UTF_8));
    all.writeBytes(early);
    socket.getOutputStream().write(all.toByteArray());
    var line = line();
    if (!line.startsWith("HTTP/1.1 101")) {
      var head = new StringBuilder(line);
      for (var next = line(); !next.isEmpty(); next = line()) {
        head.append(", ").append(next);
      }
      throw new IOException("refused: " + head);
    }
    while (!line().isEmpty()) {
      // headers
    }
  }

  /** Sends bytes as they are. */
  void raw(int... bytes) throws IOException {
    var all = new ByteArrayOutputStream();
    for (int one : bytes) {
      all.write(one);
    }
    socket.getOutputStream().write(all.toByteArray());
  }

  /** Sends bytes as they are. */
  void bytes(byte... all) throws IOException {
    socket.getOutputStream().write(all);
  }

  /**
   * Sends a frame of at most 125 bytes.
   *
   * @param first its first byte: opcode, and 0x80 for the last of a message
   */
  void frame(int first, byte... payload) throws IOException {
    var all = new ByteArrayOutputStream();
    all.writeBytes(new byte[] {(byte) first, (byte) (0x80 | payload.length), 0, 0, 0, 0});
    all.writeBytes(payload);
    socket.getOutputStream().write(all.toByteArray());
  }

  /** Sends a text message in one frame, whatever its size. */
  void send(String text) throws IOException {
    var payload = text.getBytes(UTF_8);
    announce(payload.length);
    socket.getOutputStream().write(payload);
  }

  /** Sends the beginning of a text frame: so many bytes should follow. */
  void announce(long length) throws IOException {
    var head = new ByteArrayOutputStream();
    head.write(0x80 | TEXT);
    // RFC 6455 wants the shortest form
    int bytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    head.write(0x80 | (bytes == 0 ? (int) length : bytes == 2 ? 126 : 127));
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      head.write((int) (length >> shift));
    }
    // a mask of zeros leaves the payload as it is
    head.writeBytes(new byte[4]);
    socket.getOutputStream().write(head.toByteArray());
  }

  /**
   * Reads and drops frames up to the end.
   *
   * @return the close code; 1006 if the connection ended without one
   */
  int closeCode() throws IOException {
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0xf;
        long length = length();
        if (opcode == CLOSE && length >= 2) {
          int code = in.readUnsignedShort();
          in.skipNBytes(length - 2);
          return code;
        }
        in.skipNBytes(length);
      }
    } catch (EOFException _) {
      return 1006;
    }
  }

  /** Reads up to the next text, which is of one frame. */
  String text() throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0xf;
      var payload = in.readNBytes((int) length());
      if (opcode == TEXT) {
        return new String(payload, UTF_8);
      }
      if (opcode == CLOSE) {
        throw new EOFException("closed by the server");
      }
    }
  }

  /** Reads up to the next pong; tells what it says. */
  byte[] pong() throws IOException {
    while ((in.readUnsignedByte() & 0xf) != PONG) {
      in.skipNBytes(length());
    }
    return in.readNBytes((int) length());
  }

  private long length() throws IOException {
    int length = in.readUnsignedByte() & 0x7f;
    return switch (length) {
      case 126 -> in.readUnsignedShort();
      case 127 -> in.readLong();
      default -> length;
    };
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

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
