/** Actions to try Streamer with: an ordinary handler jar. */
@NullMarked
package io.streamer.demo;

import org.jspecify.annotations.NullMarked;
