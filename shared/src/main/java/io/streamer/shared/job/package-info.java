/** What a job is and how it goes: pure values and rules, no I/O. */
@NullMarked
package io.streamer.shared.job;

import org.jspecify.annotations.NullMarked;
