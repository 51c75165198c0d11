/** What one client can do to a gateway in a small container, and what others notice of it. */
@NullMarked
package io.streamer.soak.abuse;

import org.jspecify.annotations.NullMarked;
