/** What a terminal shows, and which keys and signals come from it. */
@NullMarked
package io.streamer.cli.terminal;

import org.jspecify.annotations.NullMarked;
