package io.streamer.client.internal;

import org.jspecify.annotations.Nullable;

/** What a request and its job are called, as far as is known. */
public record Names(@Nullable String requestId, @Nullable String jobId) {
  public static final Names NONE = new Names(null, null);
}
