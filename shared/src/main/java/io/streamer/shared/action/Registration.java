package io.streamer.shared.action;

import io.streamer.handler.Config;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes what the modules register, while the process starts; used by one thread. */
final class Registration implements Handlers {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> yielding = new HashSet<>();
  private final List<Registered> registered = new ArrayList<>();
  private List<Entry> added = new ArrayList<>();
  private List<Interceptor> around = new ArrayList<>();
  private boolean over;

  /** What a module has registered. */
  record Registered(HandlerModule module, List<Entry> entries, List<Interceptor> interceptors) {}

  /** A handler added, and later perhaps its estimate. */
  static final class Entry {
    final Declared declared;
    final Supplier<? extends Handler<?, ?>> supplier;
    @Nullable Function<Object, Duration> estimate;

    private Entry(Declared declared, Supplier<? extends Handler<?, ?>> supplier) {
      this.declared = declared;
      this.supplier = supplier;
    }
  }

  @Override
  public <I, O> Added<I> add(
      Class<? extends Handler<I, O>> type, Supplier<? extends Handler<I, O>> supplier) {
    requireOpen();
    require(type, "a handler class");
    require(supplier, "a supplier for " + type.getName());
    var entry = new Entry(Declared.by(type, Handler.class), supplier);
    claim(entry);
    added.add(entry);
    return new Estimating<>(entry);
  }

  private void claim(Entry entry) {
    var action = entry.declared.action();
    if (yielding.remove(action)) {
      entries.put(action, entry);
      return;
    }
    var other = entries.putIfAbsent(action, entry);
    if (other != null) {
      throw new IllegalArgumentException(
          "the action \"%s\" is served twice: by %s and by %s"
              .formatted(action, described(other.declared), described(entry.declared)));
    }
  }

  private final class Estimating<I> implements Added<I> {
    private final Entry entry;

    Estimating(Entry entry) {
      this.entry = entry;
    }

    @Override
    // requests reach the estimate as the binder made them: of the handler's type
    @SuppressWarnings("unchecked")
    public Added<I> expecting(Function<? super I, Duration> estimate) {
      requireOpen();
      require(estimate, "an estimate for " + entry.declared.type().getName());
      entry.estimate = (Function<Object, Duration>) estimate;
      return this;
    }
  }

  @Override
  public void intercept(Interceptor interceptor) {
    requireOpen();
    require(interceptor, "an interceptor");
    around.add(interceptor);
  }

  /**
   * Lets a module register.
   *
   * @throws IllegalStateException naming the module, whatever it threw
   */
  void take(HandlerModule module, Config config) {
    added = new ArrayList<>();
    around = new ArrayList<>();
    refusing(
        module,
        () ->
            ContextLoader.run(
                module.getClass().getClassLoader(), () -> module.register(this, config)));
    registered.add(new Registered(module, added, around));
  }

  /**
   * Takes what a module has registered before.
   *
   * @throws IllegalStateException naming the module, if another has one of its actions
   */
  void take(Registered before) {
    refusing(before.module(), () -> before.entries().forEach(this::claim));
    registered.add(before);
  }

  /** What was added so far gives way to an action of the same name from here on. */
  void yieldAll() {
    yielding.addAll(entries.keySet());
  }

  private static void refusing(HandlerModule module, Runnable registering) {
    try {
      registering.run();
    } catch (Throwable e) {
      // whatever a module throws is its own: others are told which one it was
      throw new IllegalStateException(
          "%s from %s could not register: %s"
              .formatted(
                  module.getClass().getName(),
                  Definition.jar(module.getClass()),
                  e instanceof IllegalArgumentException ? e.getMessage() : Thrown.told(e)),
          e);
    }
  }

  List<Interceptor> interceptors() {
    return registered.stream().flatMap(one -> one.interceptors().stream()).toList();
  }

  /** What each module has registered, in their order. */
  List<Registered> registered() {
    return List.copyOf(registered);
  }

  /** All that was added; nothing can be added any more. */
  List<Entry> finish() {
    over = true;
    return List.copyOf(entries.values());
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException("handlers are registered while register(…) runs, not later");
    }
  }

  private static void require(@Nullable Object given, String what) {
    if (given == null) {
      throw new IllegalArgumentException("null instead of " + what);
    }
  }

  private static String described(Declared declared) {
    return declared.type().getName() + " from " + Definition.jar(declared.type());
  }
}
