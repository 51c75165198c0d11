/** The functions' log: what SLF4J writes with, where Lambda runs them. */
@NullMarked
package io.streamer.worker.log;

import org.jspecify.annotations.NullMarked;
