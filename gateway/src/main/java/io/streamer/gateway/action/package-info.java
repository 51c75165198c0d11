/** Actions as verticles. */
@NullMarked
package io.streamer.gateway.action;

import org.jspecify.annotations.NullMarked;
