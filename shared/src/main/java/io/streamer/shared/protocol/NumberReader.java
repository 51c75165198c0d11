package io.streamer.shared.protocol;

import io.streamer.shared.protocol.ClientFrame.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what is numbered in a frame that a server, perhaps of another version, wrote. */
final class NumberReader {
  private final JsonScanner json;
  private @Nullable Kind kind;
  private @Nullable String jobId;
  private long seq = -1;

  private NumberReader(byte[] frame) {
    this.json = new JsonScanner(frame);
  }

  static Optional<Numbered> read(byte[] frame) {
    try {
      return new NumberReader(frame).read();
    } catch (NotJson _) {
      return Optional.empty();
    }
  }

  private Optional<Numbered> read() throws NotJson {
    if (json.peek() != '{') {
      return Optional.empty();
    }
    json.enter();
    while (json.nextMember()) {
      switch (Field.of(json)) {
        case TYPE -> kind = kind(json.string());
        case JOB_ID -> jobId = json.string();
        case SEQ -> seq = number();
        case null, default -> json.skip();
      }
      if (kind != null && jobId != null && seq >= 0) {
        return Optional.of(new Numbered(jobId, seq, kind));
      }
    }
    return jobId == null || seq < 0
        ? Optional.empty()
        : Optional.of(new Numbered(jobId, seq, Kind.EVENT));
  }

  /** A server writes it in digits alone. */
  private long number() throws NotJson {
    var text = json.number();
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private static Kind kind(@Nullable String type) {
    return switch (type) {
      case "progress" -> Kind.PROGRESS;
      case "complete", "error" -> Kind.TERMINAL;
      case null, default -> Kind.EVENT;
    };
  }
}
