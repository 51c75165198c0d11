/** What stands in for AWS and for Lambda's runtime while something is measured. */
@NullMarked
package io.streamer.soak.bench.stub;

import org.jspecify.annotations.NullMarked;
