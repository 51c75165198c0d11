package io.streamer.local.stream;

import org.jspecify.annotations.Nullable;

/**
 * One call of the function that was answered.
 *
 * @param error Lambda's word for a function error; none if the function returned
 * @param answer what it says about the batch
 */
record Answered(
    String requestId, int status, String version, @Nullable String error, BatchAnswer answer) {}
