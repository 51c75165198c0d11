package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;

/** JSON as it is, as a job: which is never run, as nothing reads the stub's stream. */
@Action(value = "job", expected = "30s")
public final class Job implements Handler<RawJson, RawJson> {
  @Override
  public RawJson handle(RawJson request, Run run) {
    return request;
  }
}
