package io.streamer.soak.bench.load;

/** What a question is answered with, if all is well; of a job's frames, one kind. */
public enum Reply {
  /** Itself. */
  ECHO(""),
  RESPONSE("{\"type\":\"response\""),
  ACKNOWLEDGMENT("{\"type\":\"acknowledgment\""),
  PROGRESS("{\"type\":\"progress\""),
  COMPLETE("{\"type\":\"complete\"");

  /** In ASCII. */
  private final String beginning;

  Reply(String beginning) {
    this.beginning = beginning;
  }

  /** Whether a text is one. */
  boolean is(byte[] bytes, int from, int to) {
    if (to - from < beginning.length()) {
      return false;
    }
    for (int i = 0; i < beginning.length(); i++) {
      if (bytes[from + i] != beginning.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
