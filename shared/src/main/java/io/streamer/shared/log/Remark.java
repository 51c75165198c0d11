package io.streamer.shared.log;

/**
 * A line for somebody who looks on.
 *
 * @param about what it is about, besides the text
 */
public record Remark(About about, String text) {}
