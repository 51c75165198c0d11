/** The commands behind the launcher. */
@NullMarked
package io.streamer.cli;

import org.jspecify.annotations.NullMarked;
