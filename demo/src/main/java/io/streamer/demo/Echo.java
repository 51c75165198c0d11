package io.streamer.demo;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import java.time.Instant;
import java.time.InstantSource;

/** Gives back what it gets, byte for byte. */
@Action("echo")
public final class Echo implements Handler<RawJson, Echo.Result> {

  /**
   * What came.
   *
   * @param echo the payload, or null if there was none
   */
  public record Result(RawJson echo, String action, Instant receivedAt) {}

  private final InstantSource clock;

  Echo(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Result handle(RawJson payload, Run run) {
    return new Result(payload, "echo", clock.instant());
  }
}
