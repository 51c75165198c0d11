package io.streamer.shared.action;

import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Interceptor;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.log.Abridged;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One action and the handler behind it. Safe for many threads. */
public final class Definition {
  private static final Logger LOG = LoggerFactory.getLogger(Definition.class);

  private final Registration.Entry entry;
  private final Declared declared;
  private final @Nullable Function<Object, Duration> estimate;
  private final List<Interceptor> interceptors;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Handler<Object, Object> handler;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean retired;
  private boolean closed;

  Definition(Registration.Entry entry, List<Interceptor> interceptors) {
    this.entry = entry;
    this.declared = entry.declared;
    this.estimate = entry.estimate;
    this.interceptors = interceptors;
  }

  boolean isOf(Registration.Entry other) {
    return entry == other;
  }

  public String action() {
    return declared.action();
  }

  /** How long a run takes, unless {@link #estimate} knows better. */
  public Duration expected() {
    return declared.expected();
  }

  /** Whether {@link #estimate} depends on the request. */
  public boolean estimates() {
    return estimate != null;
  }

  /** The type that payloads are bound to. */
  public Type request() {
    return declared.request();
  }

  /** How long one attempt may take. */
  public Duration timeout() {
    return declared.timeout();
  }

  /** How often a job is tried, the first time included. */
  public int attempts() {
    return declared.attempts();
  }

  /** How long a job waits between two attempts. */
  public RetryPolicy retry() {
    return declared.retry();
  }

  /** Runs at one time in one gateway. */
  public int concurrency() {
    return declared.concurrency();
  }

  public int progressPerSecond() {
    return declared.progressPerSecond();
  }

  /** Permissions a caller must all have; the gateway asks, {@link #accept} does not. */
  public List<String> needs() {
    return declared.needs();
  }

  public String handlerClass() {
    return declared.type().getName();
  }

  /**
   * The context class loader for the threads that run user code: a folder of handlers has one of
   * its own, and libraries look their services up in the context's.
   */
  public ClassLoader loader() {
    return declared.type().getClassLoader();
  }

  /** Whether some request may be answered on the spot, so that the gateway opens the handler. */
  public boolean answersWithin(Duration threshold) {
    return estimate != null || declared.expected().compareTo(threshold) <= 0;
  }

  /**
   * Asks the interceptors, the outermost first.
   *
   * @throws Failure if one turns the caller away
   */
  public void accept(Caller caller) {
    for (var interceptor : interceptors) {
      interceptor.accept(action(), caller);
    }
  }

  /**
   * Makes the request that the handler takes.
   *
   * @throws InvalidPayload with pointers relative to the payload
   */
  public Object bind(RawJson payload) throws InvalidPayload {
    return Payloads.bind(payload, declared.request());
  }

  /**
   * How long this request will take.
   *
   * @param request what {@link #bind} gave
   * @throws RuntimeException what the handler's own estimate throws
   */
  public Duration estimate(Object request) {
    return estimate == null
        ? declared.expected()
        : Objects.requireNonNull(estimate.apply(request), () -> "the estimate of " + action());
  }

  /**
   * Makes the handler's instance, unless it is there. After a failure the next call tries again.
   *
   * @throws IllegalStateException naming action, class and jar, if it cannot be made
   */
  public void open() {
    if (handler == null) {
      ContextLoader.run(loader(), this::instance);
    }
  }

  /**
   * Runs the handler inside the interceptors.
   *
   * @param request what {@link #bind} gave
   * @return a JSON object
   * @throws Exception what the handler or an interceptor threw; {@link
   *     io.streamer.shared.payload.Unwritable} if the result is no JSON
   */
  public RawJson call(Object request, Run run) throws Exception {
    // counted before the instance is read: see closeIfIdle
    running.incrementAndGet();
    try {
      var opened = handler;
      var instance = opened == null ? instance() : opened;
      return Payloads.result(proceed(0, instance, request, run));
    } finally {
      running.decrementAndGet();
      if (retired) {
        closeIfIdle();
      }
    }
  }

  private Object proceed(int depth, Handler<Object, Object> instance, Object request, Run run)
      throws Exception {
    return depth == interceptors.size()
        ? instance.handle(request, run)
        : interceptors
            .get(depth)
            .run(action(), run, () -> proceed(depth + 1, instance, request, run));
  }

  private Handler<Object, Object> instance() {
    opening.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the action " + action() + " is closed");
      }
      var instance = handler;
      if (instance == null) {
        instance = make();
        handler = instance;
      }
      return instance;
    } finally {
      opening.unlock();
    }
  }

  // the request was bound to the handler's own type, and its result is only written
  @SuppressWarnings("unchecked")
  private Handler<Object, Object> make() {
    try {
      return (Handler<Object, Object>) Objects.requireNonNull(entry.supplier.get(), "no instance");
    } catch (Throwable e) {
      // an Error of its constructor's is the action's own
      throw new IllegalStateException(
          "the handler of %s, %s from %s, could not be made: %s"
              .formatted(action(), handlerClass(), jar(declared.type()), Thrown.told(e)),
          e);
    }
  }

  /** Closes the handler if it was made and wants to be closed; it is not made again. */
  void close() throws Exception {
    opening.lock();
    try {
      closed = true;
      var instance = handler;
      handler = null;
      if (instance instanceof AutoCloseable closeable) {
        ContextLoader.run(loader(), closeable::close);
      }
    } finally {
      opening.unlock();
    }
  }

  /**
   * Another definition has taken its place: closes the handler when the last run has ended. A run
   * that comes late all the same gets an instance of its own, which is closed behind it.
   */
  void retire() {
    retired = true;
    ContextLoader.run(loader(), this::closeIfIdle);
  }

  private void closeIfIdle() {
    opening.lock();
    try {
      var instance = handler;
      // taken away before the look at the runs: one that starts behind that look makes its own
      handler = null;
      if (running.get() > 0) {
        handler = instance;
      } else if (instance instanceof AutoCloseable closeable) {
        closeable.close();
      }
    } catch (Throwable e) {
      LOG.warn("closing {}, the replaced handler of {}", handlerClass(), action(), Abridged.of(e));
    } finally {
      opening.unlock();
    }
  }

  /** The file a class came from, without its folder. */
  static String jar(Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "the platform";
    }
    var path = source.getLocation().getPath().replaceFirst("/$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
