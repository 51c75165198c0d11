/** Many changes in one request. */
@NullMarked
package io.streamer.demo.bulk;

import org.jspecify.annotations.NullMarked;
