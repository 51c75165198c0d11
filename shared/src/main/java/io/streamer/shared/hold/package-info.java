/** What the holder of a job does, and in what order, without I/O, threads or timers. */
@NullMarked
package io.streamer.shared.hold;

import org.jspecify.annotations.NullMarked;
