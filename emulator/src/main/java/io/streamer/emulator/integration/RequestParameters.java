package io.streamer.emulator.integration;

import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Maps facts of an event to headers of the integration's request (developer guide, "Data mapping
 * for WebSocket APIs"), as far as Streamer's integrations do.
 */
final class RequestParameters {
  private static final String TARGET = "integration.request.header.";
  private static final String VARIABLE = "context.";
  private static final String HEADER = "route.request.header.";
  private static final String QUERY = "route.request.querystring.";

  private final List<Mapped> mapped;

  private record Mapped(String header, Source source) {}

  /** Where a value comes from. */
  private sealed interface Source {
    record Variable(ContextVariable variable) implements Source {}

    record Fixed(String text) implements Source {}

    record Header(String name) implements Source {}

    record Query(String name) implements Source {}
  }

  private RequestParameters(List<Mapped> mapped) {
    this.mapped = mapped;
  }

  /**
   * Reads mappings as Terraform writes them.
   *
   * @throws IllegalArgumentException naming the mapping that is not known on this route
   */
  static RequestParameters parse(RouteKey route, Map<String, String> parameters) {
    var mapped = new ArrayList<Mapped>();
    parameters.forEach((target, source) -> {
      try {
        mapped.add(mapped(route, target, source));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "mapping %s = %s of %s: %s".formatted(target, source, route.key(), e.getMessage()), e);
      }
    });
    return new RequestParameters(List.copyOf(mapped));
  }

  private static Mapped mapped(RouteKey route, String target, String source) {
    if (!target.startsWith(TARGET)) {
      throw new IllegalArgumentException("the target must be " + TARGET + "NAME");
    }
    return new Mapped(after(target, TARGET), source(route, source));
  }

  private static Source source(RouteKey route, String source) {
    if (source.length() >= 2 && source.startsWith("'") && source.endsWith("'")) {
      return new Source.Fixed(source.substring(1, source.length() - 1));
    }
    if (source.startsWith(VARIABLE)) {
      return ContextVariable.named(after(source, VARIABLE))
          .map(Source.Variable::new)
          .orElseThrow(() -> new IllegalArgumentException("no context variable that is known"));
    }
    if (!source.startsWith(HEADER) && !source.startsWith(QUERY)) {
      throw new IllegalArgumentException(
          "the source must be context.…, 'text', route.request.header.… or .querystring.…");
    }
    if (route != RouteKey.CONNECT) {
      throw new IllegalArgumentException("headers and query exist at $connect only");
    }
    return source.startsWith(HEADER)
        ? new Source.Header(after(source, HEADER))
        : new Source.Query(after(source, QUERY));
  }

  private static String after(String text, String prefix) {
    var name = text.substring(prefix.length());
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a name is missing");
    }
    return name;
  }

  /** Puts what has a value where it is mapped to. */
  void apply(Invocation invocation, MultiMap headers) {
    for (var each : mapped) {
      // a line break must not become a header of its own
      value(each.source(), invocation)
          .ifPresent(value -> headers.set(each.header(), value.replaceAll("\\p{Cntrl}", " ")));
    }
  }

  /** Of several, the last. */
  private static Optional<String> value(Source source, Invocation invocation) {
    return switch (source) {
      case Source.Variable(var variable) -> variable.in(invocation);
      case Source.Fixed(var text) -> Optional.of(text);
      case Source.Header(var name) ->
          invocation
              .handshake()
              .flatMap(handshake -> last(handshake.headers().getAll(name).stream()));
      case Source.Query(var name) ->
          invocation.handshake().flatMap(handshake -> last(parameters(handshake.query(), name)));
    };
  }

  private static Optional<String> last(Stream<String> values) {
    return values.reduce((_, next) -> next);
  }

  private static Stream<String> parameters(String query, String name) {
    return Stream.of(query.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> decode(pair[0]).equals(name))
        .map(pair -> pair.length == 1 ? "" : decode(pair[1]));
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
