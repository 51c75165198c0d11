/** What is asked of the tables about connections and nodes, and how their answers are read. */
@NullMarked
package io.streamer.shared.directory;

import org.jspecify.annotations.NullMarked;
