/**
 * Every job of a stage, live and as it went: gathered from what the stage's store takes, what goes
 * over its sockets and what its handlers throw, and told over HTTP. Whoever watches, the console or
 * the command line, asks here alone. It is bounded, for loopback, and no part of a deployed
 * gateway.
 */
@NullMarked
package io.streamer.local.feed;

import org.jspecify.annotations.NullMarked;
