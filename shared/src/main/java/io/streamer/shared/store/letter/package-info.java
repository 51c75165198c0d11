/** What whoever looks after failed jobs asks of the tables. */
@NullMarked
package io.streamer.shared.store.letter;

import org.jspecify.annotations.NullMarked;
