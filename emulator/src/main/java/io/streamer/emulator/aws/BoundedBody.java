package io.streamer.emulator.aws;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Reads the body of a request or an answer up to a bound. */
public final class BoundedBody {
  /** The body was longer than its bound. */
  public static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException(int limit) {
      super("the body is larger than " + limit + " bytes");
    }
  }

  private BoundedBody() {}

  /**
   * The whole body, or {@link TooLargeException} at its end: what is past {@code limit} bytes is
   * read but not kept, because a client that is still sending would see a reset connection in place
   * of the answer.
   */
  public static Future<Buffer> read(ReadStream<Buffer> body, int limit) {
    var whole = Promise.<Buffer>promise();
    var kept = Buffer.buffer();
    var length = new long[1];
    body.handler(part -> {
      length[0] += part.length();
      if (length[0] <= limit) {
        kept.appendBuffer(part);
      }
    });
    body.exceptionHandler(whole::tryFail);
    body.endHandler(_ -> {
      if (length[0] <= limit) {
        whole.tryComplete(kept);
      } else {
        whole.tryFail(new TooLargeException(limit));
      }
    });
    return whole.future();
  }
}
