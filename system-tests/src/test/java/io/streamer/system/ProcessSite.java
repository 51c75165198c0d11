package io.streamer.system;

import io.streamer.emulator.lambda.RuntimeApi;
import io.streamer.local.stage.Stage;
import io.streamer.soak.Site;
import io.streamer.soak.SoakActions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two gateways and several workers, each a process of its own, over one store: one after another is
 * killed by SIGKILL and another takes its place.
 */
final class ProcessSite implements Site {
  private static final int WORKERS = 4;
  private static final long KILL_EVERY_MS = 2_500;

  private final Stage stage;
  private final Random random;
  private final RuntimeApi runtime;
  private final Map<String, String> settings;
  private final List<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final AtomicLong workersKilled = new AtomicLong();
  private final AtomicLong gatewaysKilled = new AtomicLong();
  private final Thread killer = Thread.ofVirtual().name("killer").unstarted(this::killOn);

  ProcessSite(Path ledger, long seed) throws Exception {
    random = new Random(seed);
    stage = LocalStage.start(SoakActions.settings(ledger));
    settings = stage.settings();
    runtime =
        RuntimeApi.start(stage.vertx(), "127.0.0.1", 0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    stage.lambda().register("streamer-job", runtime);
    for (int i = 0; i < WORKERS; i++) {
      workers.add(WorkerProcess.start(runtime.port(), settings));
    }
    for (int i = 0; i < 2; i++) {
      addGateway();
    }
    // the two processes are all there is
    stage.api().backends().remove(own());
    stage.gateway().stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private URI own() {
    return URI.create("http://127.0.0.1:" + stage.gateway().port());
  }

  private void addGateway() throws IOException {
    var gateway = GatewayProcess.start(stage);
    gateways.add(gateway);
    stage.api().backends().add(gateway.backend());
  }

  @Override
  public List<Door> doors() {
    var doors = new ArrayList<Door>();
    gateways.forEach(gateway -> doors.add(new Door(gateway.direct(), true)));
    doors.add(new Door(stage.apiGateway(), false));
    return doors;
  }

  @Override
  public URI dynamo() {
    return stage.dynamo();
  }

  @Override
  public String tablePrefix() {
    return stage.tablePrefix();
  }

  @Override
  public String token(String user, String tenant) {
    return Tokens.of(user, tenant);
  }

  @Override
  public void begin() {
    killer.start();
  }

  private void killOn() {
    try {
      for (int turn = 1; ; turn++) {
        Thread.sleep(KILL_EVERY_MS);
        killWorker();
        if (turn % 4 == 0) {
          killGateway();
        }
      }
    } catch (InterruptedException _) {
      // the end of it
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void killWorker() throws IOException {
    int i = random.nextInt(workers.size());
    workers.get(i).kill();
    workersKilled.incrementAndGet();
    workers.set(i, WorkerProcess.start(runtime.port(), settings));
  }

  private void killGateway() throws IOException {
    var doomed = gateways.get(random.nextInt(gateways.size()));
    doomed.kill();
    gatewaysKilled.incrementAndGet();
    gateways.remove(doomed);
    stage.api().backends().remove(doomed.backend());
    addGateway();
  }

  @Override
  public void end() throws InterruptedException {
    killer.interrupt();
    killer.join();
  }

  @Override
  public Map<String, Long> counts() {
    return Map.of("workers killed", workersKilled.get(), "gateways killed", gatewaysKilled.get());
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
    gateways.forEach(GatewayProcess::close);
    stage.close();
  }
}
