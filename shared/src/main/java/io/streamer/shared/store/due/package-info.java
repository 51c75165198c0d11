/** What whoever looks after due jobs asks of the tables. */
@NullMarked
package io.streamer.shared.store.due;

import org.jspecify.annotations.NullMarked;
