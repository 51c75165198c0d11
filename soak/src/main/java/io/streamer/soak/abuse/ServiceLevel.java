package io.streamer.soak.abuse;

/**
 * How the other client was served.
 *
 * @param cuts how often it lost its connection
 * @param p50 of its answers, in milliseconds from the moment at which it was to ask; so are the
 *     other two
 */
public record ServiceLevel(
    int asked, int answered, int cuts, double p50, double p99, double longest) {}
