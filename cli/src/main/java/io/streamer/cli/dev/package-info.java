/** The local stage, while somebody works on handlers. */
@NullMarked
package io.streamer.cli.dev;

import org.jspecify.annotations.NullMarked;
