/** New projects for handlers. */
@NullMarked
package io.streamer.cli.init;

import org.jspecify.annotations.NullMarked;
