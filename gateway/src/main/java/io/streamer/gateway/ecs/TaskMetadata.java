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

  private Optional<JsonObject> ask(String page) {
    try {
      var connection = URI.create(address + page).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MS);
      connection.setReadTimeout(PATIENCE_MS);
      try (var body = connection.getInputStream()) {
        return Optional.of(
            new JsonObject(new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)));
      }
    } catch (IOException | DecodeException | IllegalArgumentException e) {
      LOG.warn("no answer from {} ({}): {}", VARIABLE, address, e.toString());
      return Optional.empty();
    }
  }

  private static <T> Optional<T> first(Object list, Class<T> type) {
    return list instanceof JsonArray all && !all.isEmpty() && type.isInstance(all.getValue(0))
        ? Optional.of(type.cast(all.getValue(0)))
        : Optional.empty();
  }
}
