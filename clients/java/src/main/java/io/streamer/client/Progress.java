package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a job has come.
 *
 * @param percentage 0 to 100; it never falls
 * @param metadata an object, without members where there is none
 */
public record Progress(double percentage, String message, int attempt, JsonNode metadata) {}
