/** The commands that ask a gateway, as a client. */
@NullMarked
package io.streamer.cli.door;

import org.jspecify.annotations.NullMarked;
