package io.streamer.soak;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Where a client's requests come from. */
interface RequestPlan {
  /** The next request; empty if there is none at this moment. */
  Optional<Followed> next();

  /** Whether there will be no more. */
  boolean isDone();

  /** These, and no more. Of the client's thread. */
  static RequestPlan of(Followed... jobs) {
    return new RequestPlan() {
      private final Queue<Followed> left = new ArrayDeque<>(List.of(jobs));

      @Override
      public Optional<Followed> next() {
        return Optional.ofNullable(left.poll());
      }

      @Override
      public boolean isDone() {
        return left.isEmpty();
      }
    };
  }
}
