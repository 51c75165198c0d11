/** Runs handlers in tests as production does, without sockets or AWS. */
@NullMarked
package io.streamer.test;

import org.jspecify.annotations.NullMarked;
