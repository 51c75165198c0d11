/** The actions that the bench asks: each gives back what it gets, in one of the ways there are. */
@NullMarked
package io.streamer.soak.bench.actions;

import org.jspecify.annotations.NullMarked;
