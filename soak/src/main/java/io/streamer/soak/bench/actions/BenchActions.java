package io.streamer.soak.bench.actions;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;

/** The handlers that the bench asks. */
public final class BenchActions implements HandlerModule {
  @Override
  public void register(Handlers handlers, Config config) {
    handlers.add(Plain.class, Plain::new);
    handlers.add(Bound.class, Bound::new);
    handlers.add(Job.class, Job::new);
    handlers.add(Large.class, Large::new);
    handlers.add(Reporting.class, Reporting::new);
    handlers.add(Counting.class, Counting::new);
    handlers.add(CountingFast.class, CountingFast::new);
  }
}
