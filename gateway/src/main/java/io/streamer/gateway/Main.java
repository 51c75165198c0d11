package io.streamer.gateway;

import io.streamer.gateway.ecs.StopWatch;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.ContextLoader;
import io.streamer.shared.action.HandlerFolder;
import io.streamer.shared.log.Remark;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as a process. It stops cleanly, with exit code 0, on SIGTERM and where ECS is about
 * to stop its task.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /**
   * From the end of the grace time to the process's, whatever its last calls and clients do: within
   * half a minute of the signal who stops a container kills it.
   */
  static final Duration BEHIND_GRACE = Duration.ofSeconds(4);

  private Main() {}

  public static void main(String[] args) throws Exception {
    var environment = Environment.ofProcess();
    try {
      Logs.check(environment);
    } catch (SettingsException e) {
      // with such a setting there is no log
      System.err.println(e.getMessage());
      Runtime.getRuntime().halt(2);
    }
    try {
      run(environment);
    } catch (SettingsException e) {
      LOG.error("{}", e.getMessage());
      Logs.halt(2);
    } catch (Exception e) {
      LOG.error("the gateway did not start", e);
      Logs.halt(1);
    }
  }

  private static void run(Environment environment) throws Exception {
    var settings = GatewaySettings.read(environment);
    var loader =
        settings
            .handlers()
            .map(folder -> HandlerFolder.loader(folder, Main.class.getClassLoader()))
            .orElseGet(Main.class::getClassLoader);
    var catalogue =
        ContextLoader.get(
            loader,
            () -> Catalogue.of(ServiceLoader.load(HandlerModule.class, loader), environment));
    var vertx = Vertx.vertx();
    var gateway =
        Gateway.start(vertx, settings, catalogue, loader, Gateway.Hooks.NONE.log(Main::debug))
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    gateway.shareTraces();
    LOG.info("listening on {}:{}", settings.host(), gateway.port());
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(vertx, gateway, catalogue, settings), "stop"));
    // as by a signal
    StopWatch.begin(
        environment, settings.aws(), settings.stopWatch(), () -> Runtime.getRuntime().exit(0));
  }

  private static void debug(Supplier<Remark> line) {
    if (LOG.isDebugEnabled()) {
      var remark = line.get();
      remark.about().in(LOG.atDebug()).log("{}", remark.text());
    }
  }

  private static void stop(
      Vertx vertx, Gateway gateway, Catalogue catalogue, GatewaySettings settings) {
    try {
      gateway
          .stop()
          .compose(_ -> vertx.close())
          .toCompletionStage()
          .toCompletableFuture()
          .get(settings.shutdownGrace().plus(BEHIND_GRACE).toMillis(), TimeUnit.MILLISECONDS);
      catalogue.close();
      LOG.info("stopped");
    } catch (Exception e) {
      LOG.error("stopping", e);
    } finally {
      // a signal's own exit code would look like a crash to who stopped us
      Logs.halt(0);
    }
  }
}
