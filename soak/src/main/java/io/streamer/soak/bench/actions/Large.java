package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;

/** A short question with a long answer. */
@Action("large")
public final class Large implements Handler<RawJson, RawJson> {
  private static final RawJson ANSWER = RawJson.of("\"" + "x".repeat(60_000) + "\"");

  @Override
  public RawJson handle(RawJson request, Run run) {
    return ANSWER;
  }
}
