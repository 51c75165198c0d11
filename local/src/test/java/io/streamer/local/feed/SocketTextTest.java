package io.streamer.local.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTextTest {
  private static final int TEXT = 0x81;
  private static final int TEXT_BEGINS = 0x01;
  private static final int ENDS = 0x80;
  private static final int PING = 0x89;
  private static final int BINARY = 0x82;

  private final List<String> read = new ArrayList<>();
  private final SocketText socket =
      new SocketText(text -> read.add(text.toString(StandardCharsets.UTF_8)));

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 1_000_000})
  void messagesAreReadHoweverTheirBytesCome(int atOnce) {
    var wide = "ü".repeat(40_000);
    var bytes =
        Buffer.buffer()
            .appendBuffer(frame(TEXT, "{}", false))
            .appendBuffer(frame(PING, "p", true))
            .appendBuffer(frame(TEXT_BEGINS, "first ", true))
            .appendBuffer(frame(PING, "", false))
            .appendBuffer(frame(ENDS, "second", true))
            .appendBuffer(frame(BINARY, "none", false))
            .appendBuffer(frame(TEXT, "x".repeat(200), true))
            .appendBuffer(frame(TEXT, wide, false));
    for (int at = 0; at < bytes.length(); at += atOnce) {
      socket.take(bytes.getBuffer(at, Math.min(bytes.length(), at + atOnce)));
    }

    assertThat(read).containsExactly("{}", "first second", "x".repeat(200), wide);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 1_000_000})
  void whatIsTooLargeIsPassedOverAndTheNextIsRead(int atOnce) {
    var bytes = frame(TEXT, "y".repeat(300_000), true).appendBuffer(frame(TEXT, "next", false));
    for (int at = 0; at < bytes.length(); at += atOnce) {
      socket.take(bytes.getBuffer(at, Math.min(bytes.length(), at + atOnce)));
    }

    assertThat(read).containsExactly("next");
  }

  @Test
  void manyPartsOfOneMessageAreNotKeptWithoutBound() {
    socket.take(frame(TEXT_BEGINS, "a".repeat(200_000), false));
    socket.take(frame(0x00, "b".repeat(200_000), false));
    socket.take(frame(ENDS, "c", false));
    socket.take(frame(TEXT, "next", false));

    assertThat(read).containsExactly("next");
  }

  private static Buffer frame(int first, String text, boolean masked) {
    var payload = text.getBytes(StandardCharsets.UTF_8);
    int mask = masked ? 0x80 : 0;
    var frame = Buffer.buffer().appendUnsignedByte((short) first);
    if (payload.length < 126) {
      frame.appendUnsignedByte((short) (mask | payload.length));
    } else if (payload.length < 65_536) {
      frame.appendUnsignedByte((short) (mask | 126)).appendUnsignedShort(payload.length);
    } else {
      frame.appendUnsignedByte((short) (mask | 127)).appendLong(payload.length);
    }
    if (masked) {
      byte[] key = {1, 2, 3, 4};
      frame.appendBytes(key);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= key[i & 3];
      }
    }
    return frame.appendBytes(payload);
  }
}
