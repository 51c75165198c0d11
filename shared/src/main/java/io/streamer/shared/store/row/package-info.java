/** How a job stands in the tables: keys, attributes, marks. */
@NullMarked
package io.streamer.shared.store.row;

import org.jspecify.annotations.NullMarked;
