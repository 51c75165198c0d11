/** From a frame to what answers it. */
@NullMarked
package io.streamer.gateway.routing;

import org.jspecify.annotations.NullMarked;
