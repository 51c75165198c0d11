package io.streamer.emulator.apigateway;

import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a client's frames together and closes on what API Gateway does not take. */
final class Inbox {
  private final Connection connection;
  private final Limits.Sizes sizes;
  private final Consumer<Buffer> messages;
  private @Nullable Buffer begun;
  private boolean closed;

  Inbox(Connection connection, Limits.Sizes sizes, Consumer<Buffer> messages) {
    this.connection = connection;
    this.sizes = sizes;
    this.messages = messages;
  }

  void take(WebSocketFrame frame) {
    if (frame.isPing()) {
      connection.pinged();
    }
    // what comes behind our close frame was sent to nobody
    if (closed
        || connection.closing().isComplete()
        || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (frame.isBinary()) {
      close(ApiCloseCode.BINARY);
      return;
    }
    var data = frame.binaryData();
    int before = begun == null ? 0 : begun.length();
    if (data.length() > sizes.frame() || before + data.length() > sizes.message()) {
      close(ApiCloseCode.TOO_BIG);
      return;
    }
    var whole = begun == null ? Buffer.buffer(data.length()) : begun;
    whole.appendBuffer(data);
    if (!frame.isFinal()) {
      begun = whole;
      return;
    }
    begun = null;
    if (isText(whole)) {
      connection.active();
      messages.accept(whole);
    } else {
      close(ApiCloseCode.NOT_UTF8);
    }
  }

  private static boolean isText(Buffer bytes) {
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes()));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  /** What came is no WebSocket's. */
  void broken(Throwable thrown) {
    switch (thrown) {
      case CorruptedWebSocketFrameException e
          when e.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG) ->
          close(ApiCloseCode.TOO_BIG);
      case CorruptedWebSocketFrameException e
          when e.closeStatus().equals(WebSocketCloseStatus.INVALID_PAYLOAD_DATA) ->
          close(ApiCloseCode.NOT_UTF8);
      case TooLongFrameException _ -> close(ApiCloseCode.TOO_BIG);
      case CorruptedFrameException _ -> close(ApiCloseCode.VIOLATION);
      default -> {
        // the socket ends by itself
      }
    }
  }

  private void close(ApiCloseCode code) {
    closed = true;
    begun = null;
    connection.close(code);
  }
}
