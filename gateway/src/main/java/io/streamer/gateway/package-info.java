/** The long-running process: it authenticates, answers, queues and keeps clients informed. */
@NullMarked
package io.streamer.gateway;

import org.jspecify.annotations.NullMarked;
