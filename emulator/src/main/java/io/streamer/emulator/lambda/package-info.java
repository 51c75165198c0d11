/** Lambda's Invoke around function classes of this process. */
@NullMarked
package io.streamer.emulator.lambda;

import org.jspecify.annotations.NullMarked;
