package io.streamer.shared.job;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Interceptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every action of a process. */
public final class Catalogue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

  private final Map<String, Definition> definitions;

  private final List<Interceptor> interceptors;

  private Catalogue(Map<String, Definition> definitions, List<Interceptor> interceptors) {
    this.definitions = Collections.unmodifiableMap(definitions);
    this.interceptors = interceptors;
  }

  /**
   * Lets the modules register; no handler is made yet.
   *
   * @throws IllegalStateException if a module cannot register: one of its handlers has no {@link
   *     io.streamer.handler.Action} or a wrong one, types that cannot be bound, or a name that is
   *     taken
   */
  public static Catalogue of(Iterable<HandlerModule> modules, Config config) {
    var registration = new Registration();
    for (var module : modules) {
      registration.take(module, config);
    }
    var definitions = new LinkedHashMap<String, Definition>();
    for (var definition : registration.finish()) {
      definitions.put(definition.action(), definition);
    }
    return new Catalogue(definitions, registration.interceptors());
  }

  public Optional<Definition> find(String action) {
    return Optional.ofNullable(definitions.get(action));
  }

  /** All, in the order of their registration. */
  public Collection<Definition> definitions() {
    return definitions.values();
  }

  /** What wraps every action, the outermost first. */
  public List<Interceptor> interceptors() {
    return interceptors;
  }

  /** Closes the handlers that were made and are {@link AutoCloseable}, the last first. */
  @Override
  public void close() {
    for (var definition : new ArrayList<>(definitions.values()).reversed()) {
      try {
        definition.close();
      } catch (Exception e) {
        // the others still want to be closed
        LOG.warn(
            "closing {}, the handler of {}", definition.handlerClass(), definition.action(), e);
      }
    }
  }
}
