/**
 * The client of Streamer's gateway: requests, jobs with progress and events, and a connection that
 * comes back by itself.
 */
@NullMarked
package io.streamer.client;

import org.jspecify.annotations.NullMarked;
