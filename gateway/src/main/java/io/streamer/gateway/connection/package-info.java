/** Who is connected: here in memory, everywhere in the table. */
@NullMarked
package io.streamer.gateway.connection;

import org.jspecify.annotations.NullMarked;
