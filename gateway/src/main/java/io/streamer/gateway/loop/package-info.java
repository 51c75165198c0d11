/** Event loops, as those meet them who come from elsewhere. */
@NullMarked
package io.streamer.gateway.loop;

import org.jspecify.annotations.NullMarked;
