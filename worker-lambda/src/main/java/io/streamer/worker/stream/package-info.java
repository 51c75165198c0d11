/** From the stream's records to invocations of the job function. */
@NullMarked
package io.streamer.worker.stream;

import org.jspecify.annotations.NullMarked;
