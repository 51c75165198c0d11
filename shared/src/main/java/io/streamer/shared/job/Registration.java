package io.streamer.shared.job;

import io.streamer.handler.Config;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes what the modules register, while the process starts; used by one thread. */
final class Registration implements Handlers {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Interceptor> interceptors = new ArrayList<>();
  private boolean over;

  /** A handler added, and later perhaps its estimate. */
  private static final class Entry {
    private final Declared declared;
    private final Supplier<? extends Handler<?, ?>> supplier;
    private @Nullable Function<Object, Duration> estimate;

    Entry(Declared declared, Supplier<? extends Handler<?, ?>> supplier) {
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
    var other = entries.putIfAbsent(entry.declared.action(), entry);
    if (other != null) {
      throw new IllegalArgumentException(
          "the action \"%s\" is served twice: by %s and by %s"
              .formatted(
                  entry.declared.action(), described(other.declared), described(entry.declared)));
    }
    return new Estimating<>(entry);
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
    interceptors.add(interceptor);
  }

  /**
   * Lets a module register.
   *
   * @throws IllegalStateException naming the module, whatever it threw
   */
  void take(HandlerModule module, Config config) {
    try {
      ContextLoader.run(module.getClass().getClassLoader(), () -> module.register(this, config));
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "%s from %s could not register: %s"
              .formatted(
                  module.getClass().getName(),
                  Definition.jar(module.getClass()),
                  e instanceof IllegalArgumentException ? e.getMessage() : e),
          e);
    }
  }

  List<Interceptor> interceptors() {
    return List.copyOf(interceptors);
  }

  /** The definitions, each within all interceptors; nothing can be added any more. */
  List<Definition> finish() {
    over = true;
    var around = List.copyOf(interceptors);
    return entries.values().stream()
        .map(entry -> new Definition(entry.declared, entry.supplier, entry.estimate, around))
        .toList();
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
