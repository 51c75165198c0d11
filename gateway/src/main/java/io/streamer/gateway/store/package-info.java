/** The store's calls on Vert.x futures. */
@NullMarked
package io.streamer.gateway.store;

import org.jspecify.annotations.NullMarked;
