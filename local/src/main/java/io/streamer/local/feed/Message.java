package io.streamer.local.feed;

import io.vertx.core.buffer.Buffer;

/**
 * A text message of a socket, whole.
 *
 * @param at when it passed; epoch milliseconds
 * @param door {@code direct} or {@code api_gateway}
 */
public record Message(long at, String door, String connection, boolean fromClient, Buffer utf8) {}
