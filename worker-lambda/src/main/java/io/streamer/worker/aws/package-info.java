/** Clients of AWS and what their calls cost a thread. */
@NullMarked
package io.streamer.worker.aws;

import org.jspecify.annotations.NullMarked;
