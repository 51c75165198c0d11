/** Sends frames to connections that others hold: API Gateway, or another task. */
@NullMarked
package io.streamer.gateway.push;

import org.jspecify.annotations.NullMarked;
