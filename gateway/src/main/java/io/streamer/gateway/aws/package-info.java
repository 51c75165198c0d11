/** What a gateway's clients of AWS share. */
@NullMarked
package io.streamer.gateway.aws;

import org.jspecify.annotations.NullMarked;
