package io.streamer.gateway.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TapHandlerTest {
  private static final int MOST = 100_000;
  private static final int TEXT = 0x81;
  private static final int PING = 0x89;

  private final List<String> in = new ArrayList<>();
  private final List<String> out = new ArrayList<>();
  private boolean open = true;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new TapHandler(
              new Tap() {
                @Override
                public boolean isOpen() {
                  return open;
                }

                @Override
                public void passed(String connection, boolean fromClient, byte[] text) {
                  assertThat(connection).isEqualTo("c");
                  (fromClient ? in : out).add(new String(text, UTF_8));
                }
              },
              "c",
              MOST));

  @AfterEach
  void end() {
    channel.finishAndReleaseAll();
  }

  @Test
  void whatComesIsSeenWholeAndPassesAsItIs() {
    var frames =
        List.of(
            new TextWebSocketFrame("one"),
            new TextWebSocketFrame(false, 0, "t"),
            new ContinuationWebSocketFrame(false, 0, "w"),
            new PingWebSocketFrame(),
            new ContinuationWebSocketFrame(true, 0, "o"),
            new BinaryWebSocketFrame(),
            new TextWebSocketFrame("ü"));
    frames.forEach(this::come);

    assertThat(in).containsExactly("one", "two", "ü");
    assertThat(channel.inboundMessages()).containsExactlyElementsOf(frames);
  }

  @Test
  void whatLeavesIsSeenByMessagesHoweverManyAreWrittenAtOnce() {
    var middle = "m".repeat(200);
    var large = "l".repeat(70_000);
    var bytes = Unpooled.buffer();
    frame(bytes, TEXT, "one");
    frame(bytes, PING, "");
    frame(bytes, TEXT, middle);
    frame(bytes, TEXT, large);
    frame(bytes, TEXT, "");
    leave(bytes);
    leave(Unpooled.EMPTY_BUFFER);

    assertThat(out).containsExactly("one", middle, large, "");
    assertThat(bytes.readerIndex()).isZero();
    assertThat(channel.<ByteBuf>readOutbound()).isSameAs(bytes);
  }

  @Test
  void theHandshakesAnswerIsNoMessage() {
    leave(Unpooled.copiedBuffer("HTTP/1.1 101 Switching Protocols\r\n\r\n", US_ASCII));

    assertThat(out).isEmpty();
  }

  @Test
  void whereNobodyLooksNothingIsCopied() {
    open = false;
    var frame = new TextWebSocketFrame("one");
    come(frame);
    var bytes = Unpooled.buffer();
    frame(bytes, TEXT, "one");
    leave(bytes);

    assertThat(in).isEmpty();
    assertThat(out).isEmpty();
    assertThat(channel.<WebSocketFrame>readInbound()).isSameAs(frame);
    assertThat(channel.<ByteBuf>readOutbound()).isSameAs(bytes);
  }

  @Test
  void ofAMessageThatWasNotSeenWholeNothingIsTold() {
    open = false;
    come(new TextWebSocketFrame(false, 0, "missed "));
    open = true;
    come(new ContinuationWebSocketFrame(true, 0, "seen"));
    come(new TextWebSocketFrame(false, 0, "seen "));
    open = false;
    come(new ContinuationWebSocketFrame(false, 0, "missed "));
    open = true;
    come(new ContinuationWebSocketFrame(true, 0, "seen"));
    come(new TextWebSocketFrame("next"));

    assertThat(in).containsExactly("next");
  }

  @Test
  void aMessageThatIsTooLargeIsNotKept() {
    come(new TextWebSocketFrame(false, 0, "x".repeat(MOST)));
    come(new ContinuationWebSocketFrame(true, 0, "x"));
    come(new TextWebSocketFrame("next"));

    assertThat(in).containsExactly("next");
  }

  private void come(WebSocketFrame frame) {
    channel.writeInbound(frame);
  }

  private void leave(ByteBuf bytes) {
    channel.writeOutbound(bytes);
  }

  private static void frame(ByteBuf bytes, int head, String text) {
    bytes.writeByte(head);
    if (text.length() < 126) {
      bytes.writeByte(text.length());
    } else if (text.length() < 65_536) {
      bytes.writeByte(126).writeShort(text.length());
    } else {
      bytes.writeByte(127).writeLong(text.length());
    }
    bytes.writeBytes(text.getBytes(US_ASCII));
  }
}
