/** Packs handler jars with our own: the worker's zip for Lambda, the gateway's folder. */
@NullMarked
package io.streamer.cli.build;

import org.jspecify.annotations.NullMarked;
