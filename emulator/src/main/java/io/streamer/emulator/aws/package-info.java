/** What the local endpoints and their clients share: identity, bounds, time, pauses. */
@NullMarked
package io.streamer.emulator.aws;

import org.jspecify.annotations.NullMarked;
