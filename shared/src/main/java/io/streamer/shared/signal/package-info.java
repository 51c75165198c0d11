/**
 * What can be measured of a running Streamer: the names, for whoever measures and whoever reads.
 */
@NullMarked
package io.streamer.shared.signal;

import org.jspecify.annotations.NullMarked;
