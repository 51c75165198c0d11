/**
 * Tables, and requests to them as values: whoever does the I/O executes a {@link
 * io.streamer.shared.table.Call}. Nothing here knows what a row means.
 */
@NullMarked
package io.streamer.shared.table;

import org.jspecify.annotations.NullMarked;
