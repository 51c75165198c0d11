package io.streamer.local.live;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The handlers that a stage serves. Gateway and worker have their own instances of them, as on AWS.
 */
public final class Serving implements AutoCloseable {
  private final List<HandlerModule> always;
  private final Config config;
  private final Duration threshold;
  private volatile Catalogue worker;
  private volatile Catalogue gateway;
  private Consumer<Catalogue> replace = _ -> {};

  /**
   * Serves these modules.
   *
   * @param always served as long as the stage runs
   * @param threshold the longest estimate that the gateway answers on the spot
   * @throws IllegalStateException if a module cannot register
   */
  public Serving(List<HandlerModule> always, Config config, Duration threshold) {
    this.always = List.copyOf(always);
    this.config = config;
    this.threshold = threshold;
    this.worker = Catalogue.of(always, config);
    this.gateway = Catalogue.of(always, config);
  }

  /** The worker's, which the worker closes. */
  public Catalogue worker() {
    return worker;
  }

  public Catalogue gateway() {
    return gateway;
  }

  /**
   * What hands the gateway its next catalogue, and returns when that is served; until then, {@link
   * #gateway} is what it starts with.
   */
  void gatewayBy(Consumer<Catalogue> replace) {
    this.replace = replace;
  }

  /**
   * Serves these modules from now on, beside those that always are, whose actions give way to
   * theirs. What runs goes on with the code it started with.
   *
   * @return the actions that are new, changed or gone
   * @throws IllegalStateException if a module cannot register or a handler cannot be made; all
   *     stays as it was, whatever is thrown
   */
  List<String> take(List<HandlerModule> modules) {
    var oldWorker = worker;
    var oldGateway = gateway;
    var newWorker = oldWorker.with(always, modules, config);
    var newGateway = oldGateway.with(always, modules, config);
    try {
      open(newGateway.without(oldGateway), true);
      open(newWorker.without(oldWorker), false);
      // first: what the gateway accepts, the worker must know
      worker = newWorker;
      replace.accept(newGateway);
      gateway = newGateway;
    } catch (Throwable e) {
      worker = oldWorker;
      newWorker.retire(oldWorker);
      newGateway.retire(oldGateway);
      throw e;
    }
    oldWorker.retire(newWorker);
    oldGateway.retire(newGateway);
    return Stream.concat(
            newGateway.without(oldGateway).stream(), oldGateway.without(newGateway).stream())
        .map(Definition::action)
        .distinct()
        .sorted()
        .toList();
  }

  /** Makes the handlers where they will run, so that one that cannot be made is told at once. */
  private void open(List<Definition> definitions, boolean onTheSpot) {
    definitions.stream()
        .filter(definition -> definition.answersWithin(threshold) == onTheSpot)
        .forEach(Definition::open);
  }

  /** Closes the gateway's handlers. */
  @Override
  public void close() {
    gateway.close();
  }
}
