package io.streamer.emulator.fault;

/**
 * Something that was made to go wrong.
 *
 * @param place such as {@code dynamodb}
 * @param fault such as {@code throttle}
 * @param subject what it happened to, in a few words
 */
public record Injected(String place, String fault, String subject) {
  /** Under which it is counted, such as {@code dynamodb throttle}. */
  public String kind() {
    return place + " " + fault;
  }

  @Override
  public String toString() {
    return kind() + ": " + subject;
  }
}
