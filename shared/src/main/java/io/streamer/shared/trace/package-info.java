/** Traces of requests and jobs, by OpenTelemetry; nothing of it is loaded while they are off. */
@NullMarked
package io.streamer.shared.trace;

import org.jspecify.annotations.NullMarked;
