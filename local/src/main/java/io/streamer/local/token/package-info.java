/** Tokens for development, and the key that signs them. */
@NullMarked
package io.streamer.local.token;

import org.jspecify.annotations.NullMarked;
