/** Gateway and worker as they are deployed, and their images. */
@NullMarked
package io.streamer.soak.packed;

import org.jspecify.annotations.NullMarked;
