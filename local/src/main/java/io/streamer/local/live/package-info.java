/** A folder of handlers whose changes are served while the stage runs. */
@NullMarked
package io.streamer.local.live;

import org.jspecify.annotations.NullMarked;
