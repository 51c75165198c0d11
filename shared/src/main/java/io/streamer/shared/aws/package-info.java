/** AWS APIs for which no module of its SDK is on board. */
@NullMarked
package io.streamer.shared.aws;

import org.jspecify.annotations.NullMarked;
