/** One bucket of S3 on one local port. */
@NullMarked
package io.streamer.emulator.s3;

import org.jspecify.annotations.NullMarked;
