package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Run;

/** A record that is read and written, through a handler. */
@Action("bound")
public final class Bound implements Handler<Bound.Text, Bound.Text> {

  /** What comes and goes. */
  public record Text(String text, int number) {}

  @Override
  public Text handle(Text request, Run run) {
    return new Text(request.text(), request.number());
  }
}
