/** Many jobs of mixed kinds among random faults, and what must hold of them at the end. */
@NullMarked
package io.streamer.soak;

import org.jspecify.annotations.NullMarked;
