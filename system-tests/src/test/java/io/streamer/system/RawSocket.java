package io.streamer.system;

import io.streamer.soak.abuse.RawLink;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;

/**
 * A WebSocket client that does only what it is told: it answers no ping and reads nothing by
 * itself.
 */
final class RawSocket implements AutoCloseable {
  private final RawLink link;

  RawSocket(URI door, String token) throws IOException {
    link = RawLink.open(door, token);
  }

  /**
   * A socket.
   *
   * @param early what is sent with the handshake, before it is answered
   */
  RawSocket(URI door, String token, byte[] early) throws IOException {
    link = RawLink.open(door, token, early);
  }

  /** Sends bytes as they are. */
  void bytes(byte... all) throws IOException {
    link.raw(all);
  }

  /**
   * Sends a frame.
   *
   * @param first its first byte: opcode, and 0x80 for the last of a message
   */
  void frame(int first, byte... payload) throws IOException {
    link.begin(first, payload.length, payload, payload.length);
  }

  /** Sends a text message in one frame, whatever its size. */
  void send(String text) throws IOException {
    link.send(text);
  }

  /** Sends the beginning of a text frame: so many bytes should follow. */
  void announce(int length) throws IOException {
    link.begin(RawLink.LAST | RawLink.TEXT, length, new byte[0], 0);
  }

  /**
   * Reads and drops frames up to the end.
   *
   * @return the close code; 1006 if the connection ended without one
   */
  int closeCode() throws IOException {
    try {
      while (true) {
        var frame = link.next();
        if (frame.opcode() == RawLink.CLOSE && frame.payload().length() >= 2) {
          return frame.payload().getUnsignedShort(0);
        }
      }
    } catch (EOFException _) {
      return 1006;
    }
  }

  /** Reads up to the next text. */
  String text() throws IOException {
    return link.text();
  }

  /** Reads up to the next pong; tells what it says. */
  byte[] pong() throws IOException {
    while (true) {
      var frame = link.next();
      if (frame.opcode() == RawLink.PONG) {
        return frame.payload().getBytes();
      }
    }
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
