package io.streamer.local.console;

import io.streamer.handler.RawJson;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.streamer.shared.payload.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The actions as the page needs them: how each behaves, and what its payload looks like. */
final class ActionList {
  private final Supplier<Catalogue> catalogue;
  private final Duration threshold;

  ActionList(Supplier<Catalogue> catalogue, Duration threshold) {
    this.catalogue = catalogue;
    this.threshold = threshold;
  }

  /** How a request is answered. */
  private enum Kind {
    SYNC,
    JOB,
    /** By an estimate of the request. */
    EITHER
  }

  /**
   * An action.
   *
   * @param schema JSON Schema of the payload
   */
  private record Shown(
      String name,
      Kind kind,
      long expectedMs,
      long timeoutMs,
      int attempts,
      List<String> needs,
      RawJson schema) {}

  private record Unknown(String name, RawJson schema) {}

  private record Listed(List<Record> actions) {}

  /** Every permission that some action needs. */
  List<String> needs() {
    return catalogue.get().definitions().stream()
        .flatMap(definition -> definition.needs().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The list as JSON.
   *
   * @param names of all actions; one that is not in the catalogue, because it is written on Vert.x,
   *     takes any JSON as far as the page knows
   */
  RawJson describe(List<String> names) {
    var now = catalogue.get();
    return Payloads.write(
        new Listed(
            names.stream()
                .map(name ->
                    now.find(name)
                        .<Record>map(this::shown)
                        .orElseGet(() -> new Unknown(name, Payloads.schema(RawJson.class))))
                .toList()));
  }

  private Shown shown(Definition definition) {
    return new Shown(
        definition.action(),
        kind(definition),
        definition.expected().toMillis(),
        definition.timeout().toMillis(),
        definition.attempts(),
        definition.needs(),
        Payloads.schema(definition.request()));
  }

  private Kind kind(Definition definition) {
    if (definition.estimates()) {
      return Kind.EITHER;
    }
    return definition.answersWithin(threshold) ? Kind.SYNC : Kind.JOB;
  }
}
