/** What goes wrong on demand, and who suffers it. */
@NullMarked
package io.streamer.emulator.fault;

import org.jspecify.annotations.NullMarked;
