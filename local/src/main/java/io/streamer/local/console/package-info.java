/** The page on which a developer tries actions; never part of a deployed gateway. */
@NullMarked
package io.streamer.local.console;

import org.jspecify.annotations.NullMarked;
