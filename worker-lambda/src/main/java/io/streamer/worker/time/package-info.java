/** The clock of an invocation and what waits by it. */
@NullMarked
package io.streamer.worker.time;

import org.jspecify.annotations.NullMarked;
