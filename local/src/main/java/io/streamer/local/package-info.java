/** Each of AWS's parts as a process of its own, for containers. */
@NullMarked
package io.streamer.local;

import org.jspecify.annotations.NullMarked;
