package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * A frame of a client's as it stands on the wire, made once: but for its id, and that of the
 * request it asks about if it does, which have eight digits.
 */
final class Question {
  private static final int DIGITS = 8;
  private static final String NO_ID = "0".repeat(DIGITS);
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final byte[] ID_IN_ANSWER = "id\":\"".getBytes(US_ASCII);

  private final byte[] frame;
  private final int text;
  private final int id;
  private final int about;

  private Question(byte[] frame, int text, int id, int about) {
    this.frame = frame;
    this.text = text;
    this.id = id;
    this.about = about;
  }

  /**
   * A question to an action.
   *
   * @param payload JSON in ASCII
   */
  static Question of(String action, String payload) {
    var before = "{\"action\":\"" + action + "\",\"id\":\"";
    return of(before + NO_ID + "\",\"payload\":" + payload + "}", before.length(), before.length());
  }

  /** What asks how the job of a request is. */
  static Question status() {
    var before = "{\"type\":\"status\",\"id\":\"";
    var between = before + NO_ID + "\",\"request_id\":\"";
    return of(between + NO_ID + "\"}", before.length(), between.length());
  }

  private static Question of(String frameText, int id, int about) {
    var bytes = frameText.getBytes(US_ASCII);
    var frame = ByteBuffer.allocate(bytes.length + 8);
    frame.put((byte) 0x81);
    if (bytes.length < 126) {
      frame.put((byte) (0x80 | bytes.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) bytes.length);
    }
    frame.put(MASK);
    int text = frame.position();
    for (int i = 0; i < bytes.length; i++) {
      frame.put((byte) (bytes[i] ^ MASK[i & 3]));
    }
    var whole = new byte[frame.position()];
    frame.flip().get(whole);
    return new Question(whole, text, id, about);
  }

  /** Appends the question with an id; one about a request asks about that of the same id. */
  void write(int number, ByteBuffer to) {
    write(number, number, to);
  }

  /** Appends the question with an id, about the request with another one. */
  void write(int number, int of, ByteBuffer to) {
    int start = to.position() + text;
    to.put(frame);
    digits(of, start, about, to);
    digits(number, start, id, to);
  }

  private static void digits(int number, int start, int at, ByteBuffer to) {
    int rest = number;
    for (int i = at + DIGITS - 1; i >= at; i--) {
      to.put(start + i, (byte) (('0' + rest % 10) ^ MASK[i & 3]));
      rest /= 10;
    }
  }

  /** The id in an answer, or in an echo; negative if there is none. */
  static int id(byte[] bytes, int from, int to) {
    int last = to - ID_IN_ANSWER.length - DIGITS;
    search:
    for (int at = from; at <= last; at++) {
      for (int i = 0; i < ID_IN_ANSWER.length; i++) {
        if (bytes[at + i] != ID_IN_ANSWER[i]) {
          continue search;
        }
      }
      int number = 0;
      for (int i = 0; i < DIGITS; i++) {
        number = number * 10 + bytes[at + ID_IN_ANSWER.length + i] - '0';
      }
      return number;
    }
    return -1;
  }
}
