package io.streamer.shared.hold;

import io.streamer.shared.job.Job;
import io.streamer.shared.store.Kept;
import io.streamer.shared.table.Call;
import java.util.Optional;

/** What the holder of a job does next. */
public sealed interface Step {

  /** Execute this, and tell {@link Holding#wrote} or {@link Holding#unanswered}. */
  record Write(Call<Kept> call) implements Step {}

  /** Execute this, and tell {@link Holding#looked} or {@link Holding#unanswered}. */
  record Look(Call<Optional<Job>> call) implements Step {}

  /** Let what is under way to somebody arrive: behind what follows the next holder may speak. */
  record Land() implements Step {}

  /**
   * Nothing, unless an answer or something new of the handler comes before.
   *
   * @param until in the time that {@link Holding#next} is given; Long.MAX_VALUE: until then
   */
  record Wait(long until) implements Step {}

  /** Nothing more: the job is somebody else's, or soon may be. */
  record Lost() implements Step {}

  /**
   * Nothing more: what becomes of the job is stored.
   *
   * @param job as it is now; its status tells
   */
  record Ended(Job job) implements Step {}
}
