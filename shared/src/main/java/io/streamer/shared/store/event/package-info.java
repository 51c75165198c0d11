/** What whoever tells a job's events again asks of the tables. */
@NullMarked
package io.streamer.shared.store.event;

import org.jspecify.annotations.NullMarked;
