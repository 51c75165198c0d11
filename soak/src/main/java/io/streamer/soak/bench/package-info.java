/** What a round trip, a connection and an idle socket cost a packed gateway. */
@NullMarked
package io.streamer.soak.bench;

import org.jspecify.annotations.NullMarked;
