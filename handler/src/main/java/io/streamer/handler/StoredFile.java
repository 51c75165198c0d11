package io.streamer.handler;

import java.time.Instant;

/**
 * A file that a run has written.
 *
 * @param url where anybody who knows it can fetch the file, without a token
 * @param sizeBytes the content's length
 * @param expiresAt when the URL stops working
 */
public record StoredFile(String url, long sizeBytes, Instant expiresAt) {}
