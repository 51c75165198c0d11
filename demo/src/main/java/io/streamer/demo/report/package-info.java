/** Sales reports as real files. */
@NullMarked
package io.streamer.demo.report;

import org.jspecify.annotations.NullMarked;
