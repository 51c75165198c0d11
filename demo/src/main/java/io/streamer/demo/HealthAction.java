package io.streamer.demo;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** Says that requests are answered. */
@Action("health")
public final class HealthAction implements Handler<RawJson, HealthAction.Result> {

  /**
   * How it goes.
   *
   * @param version of this jar
   */
  public record Result(String status, Instant timestamp, String version) {}

  private final InstantSource clock;

  HealthAction(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Result handle(RawJson payload, Run run) {
    // only a jar's manifest knows the version: classes straight from the compiler have none
    var version = HealthAction.class.getPackage().getImplementationVersion();
    return new Result("healthy", clock.instant(), Objects.requireNonNullElse(version, "unbuilt"));
  }
}
