/** What the local endpoints and their clients share: identity, bounds, time, pauses. */
@NullMarked
package io.streamer.local.aws;

import org.jspecify.annotations.NullMarked;
