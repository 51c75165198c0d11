/** The processes that are measured, and those behind them. */
@NullMarked
package io.streamer.soak.bench.server;

import org.jspecify.annotations.NullMarked;
