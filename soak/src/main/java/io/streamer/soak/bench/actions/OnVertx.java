package io.streamer.soak.bench.actions;

import io.streamer.gateway.action.VertxAction;
import io.streamer.handler.Action;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.vertx.core.Future;

/** JSON as it is, on an event loop. */
@Action("vertx")
public final class OnVertx extends VertxAction<RawJson, RawJson> {
  @Override
  protected Future<RawJson> handle(RawJson request, Run run) {
    return Future.succeededFuture(request);
  }
}
