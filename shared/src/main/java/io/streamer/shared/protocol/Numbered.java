package io.streamer.shared.protocol;

/**
 * Which of a job's frames one is.
 *
 * @param kind what is neither progress nor an end counts as an event: it must not be lost
 */
public record Numbered(String jobId, long seq, ClientFrame.Kind kind) {}
