package io.streamer.shared.job;

/** Bounds of what others write. */
final class Texts {
  private Texts() {}

  /** At most so many UTF-16 units; never half a character, which no UTF-8 could carry. */
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }
}
