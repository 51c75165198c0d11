package io.streamer.test;

/**
 * One call of {@link io.streamer.handler.Run#progress}, as a client could see it.
 *
 * @param percentage 0 to 100, never below an earlier one
 * @param message cut to 200 characters
 */
public record Report(double percentage, String message) {}
