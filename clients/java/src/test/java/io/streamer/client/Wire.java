package io.streamer.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

/** The server's end of one WebSocket after the other, byte by byte. */
final class Wire implements AutoCloseable {
  private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");

  private final ServerSocket listening;
  private Socket socket = new Socket();

  Wire() throws IOException {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** A frame that came. */
  static final class Arrived {
    private final int head;
    private final byte[] payload;

    private Arrived(int head, byte[] payload) {
      this.head = head;
      this.payload = payload;
    }

    boolean last() {
      return (head & 0x80) != 0;
    }

    int kind() {
      return head & 0xf;
    }

    byte[] payload() {
      return payload.clone();
    }
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws");
  }

  /** Takes the next handshake, without an answer yet. */
  String arrive() throws IOException {
    socket = listening.accept();
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      head.write(socket.getInputStream().read());
    }
    return head.toString(ISO_8859_1);
  }

  String accept() throws IOException, GeneralSecurityException {
    var head = arrive();
    var key = KEY.matcher(head);
    if (!key.find()) {
      throw new IOException(head);
    }
    var hash =
        MessageDigest.getInstance("SHA-1")
            .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
    write(
        """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Protocol: streamer.v1\r
        Sec-WebSocket-Accept: %s\r
        \r
        """
            .formatted(Base64.getEncoder().encodeToString(hash))
            .getBytes(ISO_8859_1));
    return head;
  }

  void refuse(int status, String body) throws IOException {
    arrive();
    write(
        "HTTP/1.1 %d No\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body)
            .getBytes(UTF_8));
  }

  Arrived read() throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte() & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    var mask = in.readNBytes(4);
    var payload = in.readNBytes(length);
    for (int at = 0; at < length; at++) {
      payload[at] ^= mask[at % 4];
    }
    return new Arrived(first, payload);
  }

  void send(int head, byte[] payload) {
    try {
      var frame = new ByteArrayOutputStream();
      frame.write(head);
      if (payload.length < 126) {
        frame.write(payload.length);
      } else {
        frame.write(127);
        frame.write(java.nio.ByteBuffer.allocate(8).putLong(payload.length).array());
      }
      frame.write(payload);
      write(frame.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void cut() throws IOException {
    socket.close();
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    listening.close();
  }
}
