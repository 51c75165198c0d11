package io.streamer.gateway.connection;

/**
 * A door's terms, as a {@code welcome} tells them.
 *
 * @param maxAgeMs after which the door cuts a connection anyway; 0 if it never does
 */
public record Terms(long heartbeatMs, long maxAgeMs, int maxMessageBytes, String server) {}
