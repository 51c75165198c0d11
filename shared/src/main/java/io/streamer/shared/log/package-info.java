/** What is said in the log, and how often. */
@NullMarked
package io.streamer.shared.log;

import org.jspecify.annotations.NullMarked;
