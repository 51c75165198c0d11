/**
 * What is asked of the tables and how their answers are read, as values: whoever does the I/O
 * executes a {@link io.streamer.shared.store.Call}.
 */
@NullMarked
package io.streamer.shared.store;

import org.jspecify.annotations.NullMarked;
