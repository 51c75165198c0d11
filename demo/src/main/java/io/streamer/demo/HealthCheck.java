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
public final class HealthCheck implements Handler<RawJson, HealthCheck.Result> {

  /**
   * How it goes.
   *
   * @param version of this jar
   */
  public record Result(String status, Instant timestamp, String version) {}

  private final InstantSource clock;

  HealthCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Result handle(RawJson payload, Run run) {
    // only a jar's manifest knows the version: classes straight from the compiler have none
    var version = HealthCheck.class.getPackage().getImplementationVersion();
    return new Result("healthy", clock.instant(), Objects.requireNonNullElse(version, "unbuilt"));
  }
}
