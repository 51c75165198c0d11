/** Who is there: where a handshake's token stands, which keys count and what a token must say. */
@NullMarked
package io.streamer.gateway.auth;

import org.jspecify.annotations.NullMarked;
