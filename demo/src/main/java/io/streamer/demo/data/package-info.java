/** Operations on bundled tables. */
@NullMarked
package io.streamer.demo.data;

import org.jspecify.annotations.NullMarked;
