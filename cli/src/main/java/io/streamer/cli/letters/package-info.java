/** Dead letters: read from the tables, and shown. */
@NullMarked
package io.streamer.cli.letters;

import org.jspecify.annotations.NullMarked;
