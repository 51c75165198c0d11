package io.streamer.cli.terminal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes that a command has started, and theirs. A signal to the command alone does not
 * reach them, and behind it nobody would end them.
 */
public final class StartedProcesses {
  /** One may just be starting another. */
  private static final int MOST_ROUNDS = 10;

  private static final long PATIENCE_S = 5;

  private StartedProcesses() {}

  /** From now on they end with this process, whatever ends it but a {@code kill -9}. */
  public static void endWithThis() {
    Runtime.getRuntime().addShutdownHook(new Thread(StartedProcesses::end, "end-started"));
  }

  private static void end() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      var all = ProcessHandle.current().descendants().toList();
      if (all.isEmpty()) {
        return;
      }
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(StartedProcesses::await);
    }
  }

  private static void await(ProcessHandle one) {
    try {
      one.onExit().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // the next round sees what is left
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
