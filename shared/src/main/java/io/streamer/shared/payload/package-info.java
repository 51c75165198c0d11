/** JSON payloads to and from the types that handlers name. */
@NullMarked
package io.streamer.shared.payload;

import org.jspecify.annotations.NullMarked;
