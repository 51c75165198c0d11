package io.streamer.test.stage;

/**
 * How far a job said it was.
 *
 * @param percentage 0 to 100
 * @param attempt from 1
 */
public record Progress(double percentage, String message, int attempt) {}
