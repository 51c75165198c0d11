package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;

/** JSON as it is, through a handler. */
@Action("plain")
public final class Plain implements Handler<RawJson, RawJson> {
  @Override
  public RawJson handle(RawJson request, Run run) {
    return request;
  }
}
