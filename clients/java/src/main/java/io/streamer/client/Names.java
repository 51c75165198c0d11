package io.streamer.client;

import org.jspecify.annotations.Nullable;

/** What a request and its job are called, as far as is known. */
record Names(@Nullable String requestId, @Nullable String jobId) {
  static final Names NONE = new Names(null, null);
}
