package io.streamer.shared.job;

/**
 * The way to the connection that watches a job as its owner.
 *
 * @param endpoint an alias, {@code node:<id>} or {@code api:<name>}: never an address, so that a
 *     row cannot send frames anywhere else
 * @param expiresAt epoch seconds: the connection's own
 */
public record Route(String connection, String endpoint, long expiresAt) {}
