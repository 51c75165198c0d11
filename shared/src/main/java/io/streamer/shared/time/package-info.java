/** The two times of a machine: the time of day, which may be set, and the one that only passes. */
@NullMarked
package io.streamer.shared.time;

import org.jspecify.annotations.NullMarked;
