/** The clients of a measurement: many sockets that ask, in a process of their own. */
@NullMarked
package io.streamer.soak.bench.load;

import org.jspecify.annotations.NullMarked;
