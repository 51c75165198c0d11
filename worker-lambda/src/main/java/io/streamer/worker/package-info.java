/** The two Lambda functions: one starts jobs from the table's stream, one runs them. */
@NullMarked
package io.streamer.worker;

import org.jspecify.annotations.NullMarked;
