/** What goes over the wire: frames, error codes and their codec. */
@NullMarked
package io.streamer.shared.protocol;

import org.jspecify.annotations.NullMarked;
