package io.streamer.local.feed;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Reads the text messages in one direction of a WebSocket that is not compressed (RFC 6455, 5.2).
 * What is larger than 256 KB is passed over, and so is the rest of what is no WebSocket.
 */
final class SocketText {
  private static final int MOST_BYTES = 256 * 1024;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int CONTROL = 8;

  private final Consumer<Buffer> messages;
  private Buffer pending = Buffer.buffer();
  private Buffer message = Buffer.buffer();
  private boolean text;
  private long skip;

  SocketText(Consumer<Buffer> messages) {
    this.messages = messages;
  }

  void take(Buffer bytes) {
    int from = (int) Math.min(skip, bytes.length());
    skip -= from;
    pending.appendBuffer(bytes, from, bytes.length() - from);
    int at = 0;
    while (true) {
      int read = frame(at);
      if (read == 0) {
        break;
      }
      at += read;
    }
    pending =
        at == 0 ? pending : pending.getBuffer(Math.min(at, pending.length()), pending.length());
  }

  /** Reads one frame; gives how many bytes it has, 0 if it is not all there. */
  private int frame(int at) {
    int there = pending.length() - at;
    if (there < 2) {
      return 0;
    }
    int first = pending.getUnsignedByte(at);
    int second = pending.getUnsignedByte(at + 1);
    boolean masked = (second & 0x80) != 0;
    int length7 = second & 0x7F;
    int extended = length7 == 126 ? 2 : length7 == 127 ? 8 : 0;
    int head = 2 + extended + (masked ? 4 : 0);
    if (there < head) {
      return 0;
    }
    long length =
        switch (extended) {
          case 2 -> pending.getUnsignedShort(at + 2);
          case 8 -> Math.max(0, pending.getLong(at + 2));
          default -> length7;
        };
    if (length > MOST_BYTES) {
      text = false;
      skip = Math.max(0, length - (there - head));
      return (int) Math.min(there, head + length);
    }
    int end = head + (int) length;
    if (there < end) {
      return 0;
    }
    var payload = pending.getBytes(at + head, at + end);
    if (masked) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= pending.getByte(at + head - 4 + (i & 3));
      }
    }
    data(first & 0x0F, (first & 0x80) != 0, payload);
    return end;
  }

  private void data(int opcode, boolean last, byte[] payload) {
    if (opcode >= CONTROL) {
      return;
    }
    if (opcode != CONTINUATION) {
      text = opcode == TEXT;
      message = Buffer.buffer();
    }
    if (message.length() + payload.length > MOST_BYTES) {
      text = false;
    }
    if (text) {
      message.appendBytes(payload);
      if (last) {
        messages.accept(message);
      }
    }
  }
}
