/** Actions: how handlers are found, declared and called, and what a run may do. No I/O. */
@NullMarked
package io.streamer.shared.action;

import org.jspecify.annotations.NullMarked;
