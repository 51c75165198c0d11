/** Jobs, and the actions that become them. */
@NullMarked
package io.streamer.shared.job;

import org.jspecify.annotations.NullMarked;
