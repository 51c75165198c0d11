/** A run of a job: its attempt, what its handler emits, and how its end is written and told. */
@NullMarked
package io.streamer.worker.run;

import org.jspecify.annotations.NullMarked;
