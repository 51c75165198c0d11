/** Settings by environment: parsed once into records that validate themselves. */
@NullMarked
package io.streamer.shared.settings;

import org.jspecify.annotations.NullMarked;
