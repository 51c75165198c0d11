package io.streamer.local.feed;

/**
 * Something that happened to a job.
 *
 * @param at epoch milliseconds
 * @param what in a word or two, such as {@code started}
 */
public record Moment(long at, String what, int attempt, String detail) {}
