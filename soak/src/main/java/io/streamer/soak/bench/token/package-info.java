/** Whose tokens the gateways of a bench accept. */
@NullMarked
package io.streamer.soak.bench.token;

import org.jspecify.annotations.NullMarked;
