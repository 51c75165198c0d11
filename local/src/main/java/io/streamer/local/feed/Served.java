package io.streamer.local.feed;

import java.util.List;

/**
 * What a stage serves now.
 *
 * @param actions their names, those of the user first
 * @param edition another one whenever handlers were read anew
 */
public record Served(List<String> actions, String edition) {}
