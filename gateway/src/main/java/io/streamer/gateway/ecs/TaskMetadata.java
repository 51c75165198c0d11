package io.streamer.gateway.ecs;

import io.streamer.shared.settings.Environment;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task metadata endpoint that ECS gives each container (ECS developer guide, "Task metadata
 * endpoint version 4").
 */
public final class TaskMetadata {
  private static final Logger LOG = LoggerFactory.getLogger(TaskMetadata.class);
  private static final String VARIABLE = "ECS_CONTAINER_METADATA_URI_V4";

  /** For connecting, and again for the answer: two seconds in all. */
  private static final int PATIENCE_MS = 1_000;

  private static final int MOST_BYTES = 256 * 1024;

  private final String address;

  /**
   * A task's names.
   *
   * @param cluster its cluster's name or ARN
   */
  record Task(String cluster, String arn) {}

  private TaskMetadata(String address) {
    this.address = address;
  }

  /** Where to ask; empty if this process is no container of ECS. */
  public static Optional<TaskMetadata> of(Environment environment) {
    return environment.find(VARIABLE).map(TaskMetadata::new);
  }

  /**
   * The address of the task's network interface, an IPv6 one in brackets. Asks once, blocking, for
   * two seconds at most; empty if there is no answer or it names none.
   */
  public Optional<String> ownAddress() {
    return ask("")
        .map(container -> container.getValue("Networks"))
        .flatMap(networks -> first(networks, JsonObject.class))
        .flatMap(network ->
            first(network.getValue("IPv4Addresses"), String.class)
                .or(() ->
                    first(network.getValue("IPv6Addresses"), String.class)
                        .map(it -> "[" + it + "]")))
        .filter(Predicate.not(String::isBlank));
  }

  /**
   * The task as ECS's API calls it. Asks once, blocking, for two seconds at most.
   *
   * @throws IOException if there is no answer or it does not say
   */
  Task task() throws IOException {
    var answer = read("/task");
    if (answer.getValue("Cluster") instanceof String cluster
        && answer.getValue("TaskARN") instanceof String arn) {
      return new Task(cluster, arn);
    }
    throw new IOException(VARIABLE + " (" + address + ") names no task");
  }

  private Optional<JsonObject> ask(String page) {
    try {
      return Optional.of(read(page));
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
      return Optional.empty();
    }
  }

  private JsonObject read(String page) throws IOException {
    try {
      var connection = URI.create(address + page).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MS);
      connection.setReadTimeout(PATIENCE_MS);
      try (var body = connection.getInputStream()) {
        return new JsonObject(new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
      }
    } catch (IOException | DecodeException | IllegalArgumentException e) {
      throw new IOException("no answer from " + VARIABLE + " (" + address + "): " + e, e);
    }
  }

  private static <T> Optional<T> first(Object list, Class<T> type) {
    return list instanceof JsonArray all && !all.isEmpty() && type.isInstance(all.getValue(0))
        ? Optional.of(type.cast(all.getValue(0)))
        : Optional.empty();
  }
}
