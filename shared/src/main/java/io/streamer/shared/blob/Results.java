package io.streamer.shared.blob;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Result;
import io.streamer.shared.protocol.ServerFrame;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a job's result goes by its size, and how a client gets it. Its calls block. */
public final class Results {
  /** What a frame and the job's data carry at most, in bytes of JSON. */
  public static final int MOST_INLINE_BYTES = 102_400;

  /** What API Gateway sends at once, less what a frame has beside its result and annotations. */
  private static final int MOST_FRAME_BYTES = 128 * 1_024 - 4 * 1_024;

  /** A control character as JSON writes it; no other takes more. */
  private static final int ESCAPED_BYTES = 6;

  /** A result is made in memory; what is larger is a file. */
  static final int MOST_BYTES = 64 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Results.class);

  private final Blobs blobs;

  public Results(Blobs blobs) {
    this.blobs = blobs;
  }

  /**
   * Whether a result goes with its frame and into the tables.
   *
   * @param annotations which the frame has, too
   */
  public boolean inline(RawJson json, Map<String, String> annotations) {
    return json.utf8().length <= Math.min(blobs.inlineBytes(), mostInlineBytes(annotations));
  }

  /** How large a result may be for a frame that has these annotations, too; bytes of JSON. */
  static int mostInlineBytes(Map<String, String> annotations) {
    int beside =
        annotations.entrySet().stream()
            .mapToInt(entry -> bytes(entry.getKey()) + bytes(entry.getValue()) + 6)
            .sum();
    return Math.min(MOST_INLINE_BYTES, MOST_FRAME_BYTES - beside);
  }

  private static int bytes(String text) {
    return text.chars().map(Results::bytes).sum();
  }

  private static int bytes(int character) {
    if (character < ' ') {
      return ESCAPED_BYTES;
    }
    // a half of what has four bytes counts as three
    return character == '"' || character == '\\' ? 2 : character < 0x80 ? 1 : 3;
  }

  /**
   * Stores the result if it does not go with its frame.
   *
   * @param annotations which the frame has, too
   * @throws Failure {@code RESULT_TOO_LARGE}; or {@code RESULT_NOT_STORED}, which may pass
   */
  public Result keep(String tenant, RawJson json, Map<String, String> annotations) {
    if (inline(json, annotations)) {
      return new Result.Inline(json);
    }
    int size = json.utf8().length;
    int most = blobs.present() ? MOST_BYTES : mostInlineBytes(annotations);
    if (size > most) {
      throw Failure.refused("RESULT_TOO_LARGE", "the result has " + size + " bytes, over " + most);
    }
    try {
      return new Result.Stored(blobs.result(tenant, json.utf8()));
    } catch (IOException e) {
      LOG.error("a result of {} bytes was not stored", size, e);
      throw Failure.tryAgain("RESULT_NOT_STORED", "the result could not be stored");
    }
  }

  /**
   * The result for a frame that is sent now.
   *
   * @throws IOException if its URL cannot be signed
   */
  public ServerFrame.Result sent(Result result) throws IOException {
    return switch (result) {
      case Result.Inline(var json) -> new ServerFrame.Result.Inline(json);
      case Result.Stored(var key) -> new ServerFrame.Result.At(blobs.link(key).url().toString());
    };
  }
}
