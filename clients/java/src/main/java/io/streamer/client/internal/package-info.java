/**
 * What the client is made of and no program may count on: how frames are read and written, the
 * thread on which a client's state changes, and what waits on it. It is no API, may change with any
 * version, and knows nothing of the package that is one.
 */
@NullMarked
package io.streamer.client.internal;

import org.jspecify.annotations.NullMarked;
