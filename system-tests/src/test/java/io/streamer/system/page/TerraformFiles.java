package io.streamer.system.page;

import io.streamer.emulator.lambda.FunctionSettings;
import io.streamer.emulator.stream.EventSourceMapping;
import io.streamer.gateway.apigateway.ApiRoute;
import io.streamer.gateway.apigateway.Mapping;
import io.streamer.shared.table.TableDefinition;
import io.streamer.shared.table.TableDefinition.Attribute;
import io.streamer.shared.table.Tables;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** What terraform reads below its modules, made from what the local stage runs by. */
final class TerraformFiles {
  // what the emulator does and nothing else
  static final int RETRIES = 0;
  static final String START = "TRIM_HORIZON";
  static final String REPORTS = "ReportBatchItemFailures";

  private TerraformFiles() {}

  static JsonObject tables() {
    var tables = new JsonObject();
    Tables.definitions().forEach(definition -> tables.put(definition.name(), table(definition)));
    return tables;
  }

  /** What the integrations carry; secret and name of the API are the deployment's. */
  static JsonObject mappings() {
    var routes = new JsonObject();
    var secret = "";
    var api = "";
    for (var route : ApiRoute.values()) {
      var parameters = new JsonObject();
      for (var mapped : Mapping.requestParameters(route, "secret", "api").entrySet()) {
        switch (mapped.getValue()) {
          case "'secret'" -> secret = mapped.getKey();
          case "'api'" -> api = mapped.getKey();
          default -> parameters.put(mapped.getKey(), mapped.getValue());
        }
      }
      routes.put(
          route.key(),
          new JsonObject()
              .put("path", route.path())
              .put("request_parameters", parameters)
              .put("route_parameters", new JsonArray(Mapping.routeParameters(route))));
    }
    return new JsonObject().put("secret", secret).put("api", api).put("routes", routes);
  }

  static JsonObject functions() {
    var job = FunctionSettings.STREAMER;
    var stream = FunctionSettings.STREAM;
    return new JsonObject()
        .put(
            "job",
            new JsonObject()
                .put("handler", handler(JobFunction.class))
                .put("timeout", job.timeout().toSeconds())
                .put("maximum_retry_attempts", RETRIES)
                .put("maximum_event_age_in_seconds", job.maximumAge().toSeconds()))
        .put(
            "stream",
            new JsonObject()
                .put("handler", handler(StreamFunction.class))
                .put("timeout", stream.timeout().toSeconds())
                .put("mapping", mapping(EventSourceMapping.STREAMER)));
  }

  /**
   * Its class alone: a method that is named is called by reflection, which takes its first call.
   */
  static String handler(Class<?> function) {
    return function.getName();
  }

  private static JsonObject mapping(EventSourceMapping mapping) {
    return new JsonObject()
        .put("starting_position", START)
        .put("batch_size", mapping.batchSize())
        .put("maximum_batching_window_in_seconds", 0)
        .put("parallelization_factor", mapping.parallelization())
        .put("maximum_retry_attempts", mapping.retries())
        .put("maximum_record_age_in_seconds", mapping.maximumAge().toSeconds())
        .put("bisect_batch_on_function_error", true)
        .put("function_response_types", JsonArray.of(REPORTS))
        .put("filters", JsonArray.of(mapping.filter().text()));
  }

  private static JsonObject table(TableDefinition definition) {
    // only what a key is made of may be declared
    var attributes = new TreeMap<String, Object>();
    add(definition.key(), attributes);
    var indexes = new JsonObject();
    for (var index : definition.indexes()) {
      add(index.key(), attributes);
      indexes.put(index.name(), key(index.key()));
    }
    return key(definition.key())
        .put("attributes", new JsonObject(attributes))
        .put("indexes", indexes)
        .put("stream", definition.stream())
        .put("ttl", definition.ttl());
  }

  private static void add(TableDefinition.Key key, Map<String, Object> attributes) {
    key.attributes()
        .forEach(attribute -> attributes.put(attribute.name(), attribute.number() ? "N" : "S"));
  }

  private static JsonObject key(TableDefinition.Key key) {
    return new JsonObject()
        .put("hash_key", key.partition().name())
        .put("range_key", key.sort().map(Attribute::name).orElse(null));
  }
}
