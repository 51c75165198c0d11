package io.streamer.client;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a job is followed that was asked for elsewhere. */
public final class AttachOptions extends FollowOptions<AttachOptions> {
  @Nullable Set<FrameKind> kinds;
  long afterSeq;

  @Override
  AttachOptions self() {
    return this;
  }

  /** Which kinds of frames; all unless said. The end is always told. */
  public AttachOptions frames(Collection<FrameKind> wanted) {
    var all = EnumSet.of(FrameKind.TERMINAL);
    all.addAll(wanted);
    kinds = all;
    return this;
  }

  /** Events up to this number are not wanted any more. */
  public AttachOptions afterSeq(long seq) {
    if (seq < 0) {
      throw new IllegalArgumentException("afterSeq is at least 0, not " + seq);
    }
    afterSeq = seq;
    return this;
  }
}
