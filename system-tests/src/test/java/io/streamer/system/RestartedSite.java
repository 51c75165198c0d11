package io.streamer.system;

import io.streamer.soak.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A whole stage with its state in a folder, killed by SIGKILL and started again. */
final class RestartedSite implements Site {
  private static final long LIVES_MS = 8_000;

  private final Path data;
  private final Path ledger;
  private final AtomicLong killed = new AtomicLong();
  private final Thread killer = Thread.ofVirtual().name("killer").unstarted(this::killOn);
  private volatile StageProcess stage;
  private volatile boolean up = true;

  RestartedSite(Path data, Path ledger) throws IOException {
    this.data = data;
    this.ledger = ledger;
    this.stage = StageProcess.start(data, ledger);
  }

  @Override
  public List<Door> doors() {
    return up
        ? List.of(new Door(stage.uri("direct"), true), new Door(stage.uri("api"), false))
        : List.of();
  }

  @Override
  public URI dynamo() {
    return stage.uri("dynamo");
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
      while (true) {
        Thread.sleep(LIVES_MS);
        up = false;
        stage.kill();
        killed.incrementAndGet();
        stage = StageProcess.start(data, ledger);
        up = true;
      }
    } catch (InterruptedException _) {
      // the end of it
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void end() throws InterruptedException {
    killer.interrupt();
    killer.join();
  }

  @Override
  public Map<String, Long> counts() {
    return Map.of("stages killed", killed.get());
  }

  @Override
  public void close() {
    stage.close();
  }
}
