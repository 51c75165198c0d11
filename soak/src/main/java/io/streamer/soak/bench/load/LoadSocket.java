package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;

/** One client's socket. One thread at a time uses it. */
final class LoadSocket {
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final byte[] NOTHING = {};
  private static final int MOST_HEAD = 8 * 1024;

  private final SocketChannel channel;
  private byte[] rest = NOTHING;

  /** Takes the texts that have come. */
  @FunctionalInterface
  interface Texts {
    /** A text, in part of an array that is used again. */
    void take(byte[] bytes, int from, int to);
  }

  private LoadSocket(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens a WebSocket; blocks until it is open.
   *
   * @throws IOException if it is refused
   */
  static LoadSocket open(URI door, String token) throws IOException {
    return open(door, token, Optional.empty());
  }

  /**
   * The same from an address of this machine.
   *
   * @param from where there is none, the system chooses
   */
  static LoadSocket open(URI door, String token, Optional<InetAddress> from) throws IOException {
    var channel = SocketChannel.open();
    try {
      if (from.isPresent()) {
        channel.bind(new InetSocketAddress(from.get(), 0));
      }
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(new InetSocketAddress(door.getHost(), door.getPort()));
      var peer = new LoadSocket(channel);
      peer.handshake(door, token);
      channel.configureBlocking(false);
      return peer;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void handshake(URI door, String token) throws IOException {
    send(
        ByteBuffer.wrap(
            String.join(
                    "\r\n",
                    "GET " + door.getPath() + " HTTP/1.1",
                    "Host: " + door.getHost(),
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13",
                    "User-Agent: streamer-bench",
                    "Authorization: Bearer " + token,
                    "",
                    "")
                .getBytes(US_ASCII)));
    var head = ByteBuffer.allocate(MOST_HEAD);
    while (true) {
      if (channel.read(head) < 0) {
        throw new EOFException("in the handshake");
      }
      var text = new String(head.array(), 0, head.position(), US_ASCII);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        if (!text.startsWith("HTTP/1.1 101")) {
          throw new IOException("refused: " + text);
        }
        rest = Arrays.copyOfRange(head.array(), end + 4, head.position());
        return;
      }
    }
  }

  SocketChannel channel() {
    return channel;
  }

  /** Writes all of it, however long the other side takes to make room. */
  void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  /**
   * Reads what has come, and answers pings.
   *
   * @param space where it is read to
   * @throws IOException if the other side has closed
   */
  void receive(byte[] space, Texts texts) throws IOException {
    System.arraycopy(rest, 0, space, 0, rest.length);
    int read = channel.read(ByteBuffer.wrap(space, rest.length, space.length - rest.length));
    if (read < 0) {
      throw new EOFException("the server closed a connection");
    }
    int to = rest.length + read;
    int at = 0;
    while (to - at >= 2) {
      int length = space[at + 1] & 0x7f;
      int text = at + 2;
      if (length == 126) {
        if (to - at < 4) {
          break;
        }
        length = (space[at + 2] & 0xff) << 8 | (space[at + 3] & 0xff);
        text = at + 4;
      } else if (length == 127) {
        throw new IOException("a frame of more than 64 KB");
      }
      if (to - text < length) {
        break;
      }
      take(space, space[at] & 0xf, text, text + length, texts);
      at = text + length;
    }
    rest = at == to ? NOTHING : Arrays.copyOfRange(space, at, to);
  }

  private void take(byte[] bytes, int opcode, int from, int to, Texts texts) throws IOException {
    switch (opcode) {
      case TEXT -> texts.take(bytes, from, to);
      // an empty pong under a mask of zeros
      case PING -> send(ByteBuffer.wrap(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0}));
      case CLOSE -> throw new EOFException("the server said goodbye to a connection");
      default -> {}
    }
  }

  void close() throws IOException {
    channel.close();
  }
}
