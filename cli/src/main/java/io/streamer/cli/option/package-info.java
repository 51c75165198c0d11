/** What the options of several commands share. */
@NullMarked
package io.streamer.cli.option;

import org.jspecify.annotations.NullMarked;
