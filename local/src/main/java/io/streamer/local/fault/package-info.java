/** What goes wrong on demand, and who suffers it. */
@NullMarked
package io.streamer.local.fault;

import org.jspecify.annotations.NullMarked;
