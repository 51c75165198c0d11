package io.streamer.soak.bench.micro;

/** What the bench's clients ask. */
final class Frames {
  static final String PAYLOAD = "{\"text\":\"" + "abcdefgh".repeat(8) + "\",\"number\":1234567}";

  private Frames() {}

  static String request(String action) {
    return "{\"action\":\"" + action + "\",\"id\":\"00000001\",\"payload\":" + PAYLOAD + "}";
  }
}
