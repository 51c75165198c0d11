package io.streamer.shared.hold;

import io.streamer.shared.job.Job;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.Said;
import io.streamer.shared.table.Call;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a handler gives out besides progress, as the writes that store it. */
public interface Journal {

  /** Of a handler that gives out nothing else. */
  Journal NONE =
      new Journal() {
        @Override
        public long nextAt() {
          return Long.MAX_VALUE;
        }

        @Override
        public boolean empty() {
          return true;
        }

        @Override
        public Write next(Job job, LongSupplier numbers, Supplier<Said> said) {
          throw new IllegalStateException("nothing is there");
        }
      };

  /**
   * A write that others must not overtake.
   *
   * @param then what is done once it is there
   */
  record Write(Call<Kept> call, Runnable then) {}

  /** When there is something to write; Long.MAX_VALUE if not before more is given out. */
  long nextAt();

  /** Whether everything is taken. */
  boolean empty();

  /**
   * Takes what is next.
   *
   * @param numbers gives each frame and checkpoint its own
   * @param said asked for behind the numbering of the frames
   */
  Write next(Job job, LongSupplier numbers, Supplier<Said> said);
}
