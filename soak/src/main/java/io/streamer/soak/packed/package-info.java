/** The gateway as it is deployed, in a process of its own. */
@NullMarked
package io.streamer.soak.packed;

import org.jspecify.annotations.NullMarked;
