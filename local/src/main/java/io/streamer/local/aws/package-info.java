/** What the local endpoints and their clients share: identity, bounds, time, dead letters. */
@NullMarked
package io.streamer.local.aws;

import org.jspecify.annotations.NullMarked;
