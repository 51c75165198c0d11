package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a job has come.
 *
 * @param percentage 0 to 100; it never falls
 * @param message what its handler says, or the server of an attempt that failed; may be empty
 * @param attempt from 1
 * @param metadata an object, without members where there is none
 */
public record Progress(double percentage, String message, int attempt, JsonNode metadata) {}
