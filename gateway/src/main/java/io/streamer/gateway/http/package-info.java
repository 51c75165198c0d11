/** What the gateway answers over plain HTTP. */
@NullMarked
package io.streamer.gateway.http;

import org.jspecify.annotations.NullMarked;
