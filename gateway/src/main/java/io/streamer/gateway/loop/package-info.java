/**
 * Work on event loops: how it gets there from elsewhere, and that one failure ends nothing else.
 */
@NullMarked
package io.streamer.gateway.loop;

import org.jspecify.annotations.NullMarked;
