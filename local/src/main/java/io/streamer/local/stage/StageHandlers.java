package io.streamer.local.stage;

import static io.streamer.local.stage.StageParts.await;

import io.streamer.gateway.Gateway;
import io.streamer.gateway.GatewaySettings;
import io.streamer.handler.HandlerModule;
import io.streamer.local.console.Console;
import io.streamer.local.feed.FeedRoutes;
import io.streamer.local.feed.Served;
import io.streamer.local.live.EnvFile;
import io.streamer.local.live.LiveHandlers;
import io.streamer.local.live.Serving;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.streamer.shared.action.ContextLoader;
import io.streamer.shared.action.HandlerFolder;
import io.streamer.shared.settings.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where a stage's handlers come from.
 *
 * @param loader has the classes of the folder's jars, as they were at the start
 * @param folder theirs, if they are not the stage's alone
 */
record StageHandlers(
    Serving serving, ClassLoader loader, Optional<LiveHandlers> live, Optional<Path> folder) {
  private static final Duration CONSOLE_TOKEN_TTL = Duration.ofHours(24);

  static StageHandlers of(StageOptions options, Environment environment, GatewaySettings gateway) {
    var own = Stage.class.getClassLoader();
    var folder = options.handlers;
    var config =
        HandlerSettings.of(
            environment,
            options.handlerSettings,
            folder.map(it -> new EnvFile(it.resolve(EnvFile.NAME))).stream().toList());
    var listener = options.live;
    if (folder.isEmpty() || listener.isEmpty()) {
      var loader = folder.map(it -> HandlerFolder.loader(it, own)).orElse(own);
      var modules = modules(options, loader);
      return new StageHandlers(
          new Serving(modules, config, gateway.threshold()), loader, Optional.empty(), folder);
    }
    var modules = modules(options, own);
    var serving = new Serving(modules, config, gateway.threshold());
    var live =
        new LiveHandlers(
            folder.get(), own, PackedJars.onClassPath(options.home), serving, listener.get());
    return new StageHandlers(serving, live.loader(), Optional.of(live), folder);
  }

  private static List<HandlerModule> modules(StageOptions options, ClassLoader loader) {
    var modules = new ArrayList<HandlerModule>(options.modules);
    // a module that a test hands over may also be named in its project's META-INF/services
    var given = modules.stream().map(Object::getClass).collect(Collectors.toSet());
    ContextLoader.run(
        loader,
        () ->
            ServiceLoader.load(HandlerModule.class, loader).stream()
                .filter(found -> !given.contains(found.type()))
                .map(ServiceLoader.Provider::get)
                .forEach(modules::add));
    return modules;
  }

  /** Whether an action is one of those that show what there is. */
  boolean isDemo(String action) {
    return serving
        .gateway()
        .find(action)
        .filter(definition -> definition.handlerClass().startsWith("io.streamer.demo."))
        .isPresent();
  }

  private String edition() {
    return Integer.toHexString(System.identityHashCode(serving.gateway()));
  }

  /** The names of actions, those of the demo last. */
  List<String> inOrder(List<String> actions) {
    return actions.stream().sorted(Comparator.comparing(this::isDemo)).toList();
  }

  /**
   * The page at the root of the gateway's port, and the folder's own.
   *
   * @param feed makes the feed's routes, which tell what is served
   */
  void mountConsole(
      Gateway gateway,
      GatewaySettings settings,
      DevKey key,
      Function<Supplier<Served>, FeedRoutes> feed) {
    Supplier<List<String>> actions = () -> inOrder(gateway.actions());
    Console.mount(
        gateway,
        actions,
        feed.apply(() -> new Served(actions.get(), edition())),
        serving::gateway,
        settings.threshold(),
        TokenClaims.TENANT,
        permissions ->
            key.sign(
                TokenClaims.of(
                        TokenClaims.USER,
                        TokenClaims.TENANT,
                        permissions,
                        CONSOLE_TOKEN_TTL,
                        Instant.now())
                    .all()),
        folder);
  }

  /** Lets changes of the folder reach the gateway that runs, until the parts are closed. */
  void follow(Supplier<Gateway> gateway, StageParts parts) {
    live.ifPresent(it -> {
      parts.add(it);
      it.follow(catalogue -> await(gateway.get().replace(catalogue)));
    });
  }
}
