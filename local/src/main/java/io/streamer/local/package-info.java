/**
 * The whole of Streamer in one process: what AWS does, done here, around the real gateway and the
 * real worker.
 */
@NullMarked
package io.streamer.local;

import org.jspecify.annotations.NullMarked;
