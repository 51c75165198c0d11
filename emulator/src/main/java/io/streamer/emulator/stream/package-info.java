/** A table's stream brought to a function, as Lambda's event source mapping does it. */
@NullMarked
package io.streamer.emulator.stream;

import org.jspecify.annotations.NullMarked;
