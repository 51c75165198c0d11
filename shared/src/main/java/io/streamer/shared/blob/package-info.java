/** Object storage: files of runs, and results too large for a frame. */
@NullMarked
package io.streamer.shared.blob;

import org.jspecify.annotations.NullMarked;
