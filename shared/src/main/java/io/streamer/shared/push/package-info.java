/** Sends frames to connections, wherever they are held. */
@NullMarked
package io.streamer.shared.push;

import org.jspecify.annotations.NullMarked;
