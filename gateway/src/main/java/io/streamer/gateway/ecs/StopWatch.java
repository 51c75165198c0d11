package io.streamer.gateway.ecs;

import io.streamer.shared.aws.JsonService;
import io.streamer.shared.log.Seldom;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that ECS is about to stop this task. ECS takes it from its load balancers first and waits
 * until they have cut its sockets, and sends SIGTERM only then (ECS developer guide, "Task
 * lifecycle"): who waits for the signal has nobody left to say goodbye to.
 */
public final class StopWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StopWatch.class);

  private final TaskMetadata metadata;
  private final AwsSettings aws;
  private final Duration every;
  private final Runnable stop;
  private final Seldom seldom = new Seldom(LOG, InstantSource.system());
  private TaskMetadata.@Nullable Task task;

  private StopWatch(TaskMetadata metadata, AwsSettings aws, Duration every, Runnable stop) {
    this.metadata = metadata;
    this.aws = aws;
    this.every = every;
    this.stop = stop;
  }

  /**
   * Watches, if this process is a container of ECS and is to look at all. It ends with the process.
   *
   * @param every how often it looks; zero for never
   * @param stop called once, on a thread of its own, when the task is to stop
   */
  public static void begin(
      Environment environment, AwsSettings aws, Duration every, Runnable stop) {
    if (every.isZero()) {
      return;
    }
    TaskMetadata.of(environment)
        .map(metadata -> new StopWatch(metadata, aws, every, stop))
        .ifPresent(watch -> Thread.ofVirtual().name("stop-watch").start(watch::watch));
  }

  private void watch() {
    try (var ecs = JsonService.of("ecs", aws.ecs(), aws)) {
      while (!isToStop(ecs)) {
        Thread.sleep(every);
      }
      LOG.info("ECS is about to stop this task");
      stop.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isToStop(JsonService ecs) {
    try {
      var known = task;
      if (known == null) {
        known = metadata.task();
        task = known;
      }
      return EcsTask.isToStop(ecs, known);
    } catch (IOException e) {
      seldom.warn("ECS does not say whether this task is to stop", String.valueOf(e.getMessage()));
      return false;
    }
  }
}
