package io.streamer.emulator.integration;

/**
 * What is known of a client from its handshake.
 *
 * @param connectedAt epoch milliseconds
 * @param localPort where it reached us
 * @param userAgent empty if it named none
 */
public record ClientFacts(
    String connectionId, long connectedAt, int localPort, String sourceIp, String userAgent) {}
