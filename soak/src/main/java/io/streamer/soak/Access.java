package io.streamer.soak;

import java.net.http.HttpClient;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a user gets in.
 *
 * @param doors those open at a moment
 */
record Access(HttpClient http, Supplier<List<Site.Door>> doors, String token) {}
