/** What a gateway task measures of itself, and where that goes. */
@NullMarked
package io.streamer.gateway.signal;

import org.jspecify.annotations.NullMarked;
