/** What calls of AWS take that go out without its SDK's clients. */
@NullMarked
package io.streamer.shared.aws;

import org.jspecify.annotations.NullMarked;
