/** Sockets this task holds, and the @connections API that reaches them. */
@NullMarked
package io.streamer.gateway.socket;

import org.jspecify.annotations.NullMarked;
