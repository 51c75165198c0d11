/** Jobs, as far as the gateway has a part in them. */
@NullMarked
package io.streamer.gateway.job;

import org.jspecify.annotations.NullMarked;
