package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;

/** JSON as it is, as a job that reports once as soon as it runs, and works for a moment more. */
@Action(value = "reporting", expected = "30s")
public final class Reporting implements Handler<RawJson, RawJson> {
  /** What is reported with the result in hand is told behind it. */
  private static final long WORK_MS = 20;

  @Override
  public RawJson handle(RawJson request, Run run) throws InterruptedException {
    run.progress(1, "begun");
    Thread.sleep(WORK_MS);
    return request;
  }
}
