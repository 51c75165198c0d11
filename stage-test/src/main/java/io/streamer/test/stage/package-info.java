/** Starts the local stage in JUnit: real sockets, a worker, and faults on demand. */
@NullMarked
package io.streamer.test.stage;

import org.jspecify.annotations.NullMarked;
