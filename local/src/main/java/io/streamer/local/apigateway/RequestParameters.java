package io.streamer.local.apigateway;

import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maps facts of an event to headers and query parameters of the integration's request (developer
 * guide, "Data mapping for WebSocket APIs"). What AWS would refuse to deploy is refused here too.
 */
final class RequestParameters {
  private static final String TARGET = "integration.request.";
  private static final String STAGE_VARIABLES = "stageVariables.";

  private final List<Mapped> mapped;

  /** Where a value goes. */
  private enum Place {
    HEADER,
    QUERY
  }

  private record Mapped(Place place, String name, Source source) {}

  /** Where a value comes from. */
  private sealed interface Source {
    record Variable(String name) implements Source {}

    record Fixed(String text) implements Source {}

    record Header(String name, boolean all) implements Source {}

    record Query(String name, boolean all) implements Source {}

    record Body(List<String> path) implements Source {}

    /** A stage variable that has no value. */
    record Nothing() implements Source {}
  }

  private RequestParameters(List<Mapped> mapped) {
    this.mapped = mapped;
  }

  /**
   * Reads mappings as Terraform writes them.
   *
   * @throws IllegalArgumentException naming the mapping that AWS does not know on this route
   */
  static RequestParameters parse(
      RouteKey route, Map<String, String> parameters, Map<String, String> stageVariables) {
    var mapped = new ArrayList<Mapped>();
    parameters.forEach((target, source) -> {
      try {
        mapped.add(mapped(route, target, source, stageVariables));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "mapping %s = %s of %s: %s".formatted(target, source, route.key(), e.getMessage()), e);
      }
    });
    return new RequestParameters(List.copyOf(mapped));
  }

  private static Mapped mapped(
      RouteKey route, String target, String source, Map<String, String> stageVariables) {
    var parsed = source(route, source, stageVariables);
    if (target.startsWith(TARGET + "header.")) {
      return new Mapped(Place.HEADER, after(target, TARGET + "header."), parsed);
    }
    if (target.startsWith(TARGET + "querystring.")) {
      return new Mapped(Place.QUERY, after(target, TARGET + "querystring."), parsed);
    }
    throw new IllegalArgumentException(
        "the target must be integration.request.header.NAME or .querystring.NAME");
  }

  private static Source source(RouteKey route, String source, Map<String, String> stageVariables) {
    if (source.length() >= 2 && source.startsWith("'") && source.endsWith("'")) {
      return new Source.Fixed(source.substring(1, source.length() - 1));
    }
    if (source.startsWith("context.")) {
      var name = after(source, "context.");
      if (!ContextVariables.isNamed(name)) {
        throw new IllegalArgumentException("no context variable of WebSocket APIs");
      }
      return new Source.Variable(name);
    }
    if (source.startsWith(STAGE_VARIABLES)) {
      var value = stageVariables.get(after(source, STAGE_VARIABLES));
      return value == null ? new Source.Nothing() : new Source.Fixed(value);
    }
    if (source.startsWith("route.request.body.")) {
      return new Source.Body(List.of(after(source, "route.request.body.").split("\\.", -1)));
    }
    return ofHandshake(route, source);
  }

  private static Source ofHandshake(RouteKey route, String source) {
    Source parsed;
    if (source.startsWith("route.request.header.")) {
      parsed = new Source.Header(after(source, "route.request.header."), false);
    } else if (source.startsWith("route.request.multivalueheader.")) {
      parsed = new Source.Header(after(source, "route.request.multivalueheader."), true);
    } else if (source.startsWith("route.request.querystring.")) {
      parsed = new Source.Query(after(source, "route.request.querystring."), false);
    } else if (source.startsWith("route.request.multivaluequerystring.")) {
      parsed = new Source.Query(after(source, "route.request.multivaluequerystring."), true);
    } else {
      throw new IllegalArgumentException(
          "the source must be context.…, stageVariables.…, 'text' or route.request.…");
    }
    if (route != RouteKey.CONNECT) {
      throw new IllegalArgumentException("headers and query exist at $connect only");
    }
    return parsed;
  }

  private static String after(String text, String prefix) {
    var name = text.substring(prefix.length());
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a name is missing");
    }
    return name;
  }

  /** Puts what has a value where it is mapped to. */
  void apply(Invocation invocation, ContextVariables context, MultiMap headers, MultiMap query) {
    for (var each : mapped) {
      for (var value : values(each.source(), invocation, context)) {
        switch (each.place()) {
          // a line break out of a message must not become a header of its own
          case HEADER -> headers.set(each.name(), value.replaceAll("\\p{Cntrl}", " "));
          case QUERY -> query.add(each.name(), value);
        }
      }
    }
  }

  private static List<String> values(
      Source source, Invocation invocation, ContextVariables context) {
    return switch (source) {
      case Source.Variable(var name) -> context.value(name, invocation).stream().toList();
      case Source.Fixed(var text) -> List.of(text);
      case Source.Nothing _ -> List.of();
      case Source.Body(var path) ->
          invocation.cause() instanceof Invocation.Cause.Message(_, var text)
              ? find(text.toString(StandardCharsets.UTF_8), path).stream().toList()
              : List.of();
      case Source.Header(var name, var all) ->
          invocation
              .handshake()
              .map(handshake -> choose(handshake.headers().getAll(name), all))
              .orElse(List.of());
      case Source.Query(var name, var all) ->
          invocation
              .handshake()
              .map(handshake -> choose(parameters(handshake.query(), name), all))
              .orElse(List.of());
    };
  }

  /** The last of several, or all of them as one list. */
  private static List<String> choose(List<String> values, boolean all) {
    if (values.isEmpty()) {
      return List.of();
    }
    return List.of(all ? String.join(",", values) : values.getLast());
  }

  private static List<String> parameters(String query, String name) {
    var values = new ArrayList<String>();
    for (var pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      var key = equals < 0 ? pair : pair.substring(0, equals);
      if (decode(key).equals(name)) {
        values.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  private static Optional<String> find(String text, List<String> path) {
    @Nullable Object found;
    try {
      found = Json.decodeValue(text);
    } catch (DecodeException _) {
      return Optional.empty();
    }
    for (var name : path) {
      found = found instanceof JsonObject object ? object.getValue(name) : null;
    }
    return switch (found) {
      case null -> Optional.empty();
      case JsonObject object -> Optional.of(object.encode());
      case JsonArray array -> Optional.of(array.encode());
      default -> Optional.of(found.toString());
    };
  }
}
