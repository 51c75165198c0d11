/**
 * The whole of Streamer in one process: what AWS does, done here, around the real gateway and the
 * real worker.
 */
@NullMarked
package io.streamer.local.stage;

import org.jspecify.annotations.NullMarked;
