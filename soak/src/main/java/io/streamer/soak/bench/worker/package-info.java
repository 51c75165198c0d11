/** What a worker's start takes. */
@NullMarked
package io.streamer.soak.bench.worker;

import org.jspecify.annotations.NullMarked;
