package io.streamer.local.feed;

/**
 * A message of a socket, as it went over the wire.
 *
 * @param at epoch milliseconds
 * @param door {@code direct} or {@code api_gateway}
 * @param fromClient which way it went
 * @param text cut to 4,096 characters
 * @param bytes how many it had
 */
public record SeenFrame(
    long at,
    String door,
    String connection,
    boolean fromClient,
    String type,
    String text,
    int bytes) {
  static final int MOST_CHARS = 4_096;
}
