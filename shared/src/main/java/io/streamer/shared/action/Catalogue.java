package io.streamer.shared.action;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Interceptor;
import io.streamer.shared.log.Abridged;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every action of a process. */
public final class Catalogue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

  private final Map<String, Definition> definitions;

  private final List<Registration.Registered> registered;

  private final List<Interceptor> interceptors;

  private Catalogue(
      Map<String, Definition> definitions,
      List<Registration.Registered> registered,
      List<Interceptor> interceptors) {
    this.definitions = Collections.unmodifiableMap(definitions);
    this.registered = registered;
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
    return new Catalogue(Map.of(), List.of(), List.of()).with(modules, config);
  }

  /**
   * The catalogue of these modules. One that this catalogue has too is not asked again, and its
   * definitions go on, unless the interceptors have changed.
   *
   * @throws IllegalStateException as {@link #of} does
   */
  public Catalogue with(Iterable<HandlerModule> modules, Config config) {
    return with(List.of(), modules, config);
  }

  /**
   * The same, above other modules: an action of theirs gives way to one of the same name, and is
   * back when that is gone.
   *
   * @throws IllegalStateException as {@link #of} does
   */
  public Catalogue with(
      Iterable<HandlerModule> beneath, Iterable<HandlerModule> modules, Config config) {
    var registration = new Registration();
    take(beneath, config, registration);
    registration.yieldAll();
    take(modules, config, registration);
    var entries = registration.finish();
    var around = registration.interceptors();
    var kept = same(around, interceptors) ? definitions : Map.<String, Definition>of();
    var all = new LinkedHashMap<String, Definition>();
    for (var entry : entries) {
      var action = entry.declared.action();
      var before = kept.get(action);
      all.put(
          action, before != null && before.isOf(entry) ? before : new Definition(entry, around));
    }
    return new Catalogue(all, registration.registered(), around);
  }

  private void take(Iterable<HandlerModule> modules, Config config, Registration registration) {
    for (var module : modules) {
      known(module).ifPresentOrElse(registration::take, () -> registration.take(module, config));
    }
  }

  /** By identity: equality is the users' code. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(List<Interceptor> some, List<Interceptor> others) {
    return some.size() == others.size()
        && IntStream.range(0, some.size()).allMatch(i -> some.get(i) == others.get(i));
  }

  /** By identity, too. */
  @SuppressWarnings("ReferenceEquality")
  private Optional<Registration.Registered> known(HandlerModule module) {
    return registered.stream().filter(one -> one.module() == module).findFirst();
  }

  /** Those of its definitions that the other catalogue has not. */
  public List<Definition> without(Catalogue other) {
    return definitions.values().stream()
        .filter(one -> other.definitions.get(one.action()) != one)
        .toList();
  }

  /**
   * Another catalogue has taken its place: the handlers that it has not are closed, each when its
   * last run has ended.
   */
  public void retire(Catalogue successor) {
    without(successor).reversed().forEach(Definition::retire);
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
      } catch (Throwable e) {
        // the others still want to be closed
        LOG.warn(
            "closing {}, the handler of {}",
            definition.handlerClass(),
            definition.action(),
            Abridged.of(e));
      }
    }
  }
}
