/** What is asked of the tables about jobs, and how their answers are read: values, no I/O. */
@NullMarked
package io.streamer.shared.store;

import org.jspecify.annotations.NullMarked;
