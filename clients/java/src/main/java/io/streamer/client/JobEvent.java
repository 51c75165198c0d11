package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A piece of a job's output.
 *
 * @param name what its handler calls it
 * @param data any JSON
 * @param seq greater than that of any event before it
 */
public record JobEvent(String name, JsonNode data, long seq) {}
