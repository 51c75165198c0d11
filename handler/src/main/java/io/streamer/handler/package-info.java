/** What handlers compile against: java.base only. */
@NullMarked
package io.streamer.handler;

import org.jspecify.annotations.NullMarked;
