/** How the emulated API calls the backends behind its routes. */
@NullMarked
package io.streamer.emulator.integration;

import org.jspecify.annotations.NullMarked;
