package io.streamer.soak.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has the JVM record what a process loads (JEP 514), by which it starts next time. */
public final class AotCache {
  /** What is run. */
  @FunctionalInterface
  public interface Trained {
    /** From its start to its end, by SIGTERM. */
    void run(List<String> command, Path scratch) throws IOException;
  }

  private AotCache() {}

  /**
   * Records one.
   *
   * @param command a cache is bound to its JVM and to the class path as it is written there
   * @param cache the file to be made
   * @param scratch an empty folder
   */
  public static void record(Trained trained, List<String> command, Path cache, Path scratch)
      throws IOException {
    Files.deleteIfExists(cache);
    var recording = new ArrayList<>(command);
    recording.add(1, "-XX:AOTCacheOutput=" + cache);
    trained.run(recording, scratch);
    if (Files.notExists(cache)) {
      throw new IOException("the JVM wrote no AOT cache: " + String.join(" ", recording));
    }
  }
}
