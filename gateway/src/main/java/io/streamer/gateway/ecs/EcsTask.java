package io.streamer.gateway.ecs;

import io.streamer.shared.aws.JsonService;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** This task as ECS's API describes it. */
final class EcsTask {
  private static final String DESCRIBE = "AmazonEC2ContainerServiceV20141113.DescribeTasks";

  private EcsTask() {}

  /**
   * Whether ECS wants it to be stopped: from before it is taken from the load balancers, which is
   * up to minutes before it gets SIGTERM. Asks, blocking.
   *
   * <p>The metadata endpoint, which costs no right, does not say it before the signal.
   *
   * @throws IOException if ECS does not say
   */
  static boolean isToStop(JsonService ecs, TaskMetadata.Task task) throws IOException {
    var asked =
        new JsonObject().put("cluster", task.cluster()).put("tasks", JsonArray.of(task.arn()));
    var answer = ecs.call(DESCRIBE, asked.encode());
    try {
      var tasks = new JsonObject(answer).getJsonArray("tasks");
      if (tasks == null || tasks.isEmpty()) {
        throw new IOException("ECS describes no task: " + answer);
      }
      // RUNNING or STOPPED (API reference, "Task"); what it is now, lastStatus, says more and later
      return "STOPPED".equals(tasks.getJsonObject(0).getString("desiredStatus"));
    } catch (DecodeException | ClassCastException e) {
      throw new IOException("ECS's answer is none", e);
    }
  }
}
