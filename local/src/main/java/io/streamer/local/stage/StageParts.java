package io.streamer.local.stage;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The parts of a stage in the order in which they were opened. */
public final class StageParts implements AutoCloseable {
  private static final long LONGEST_SECONDS = 60;

  private final List<AutoCloseable> opened = new ArrayList<>();

  public <T extends AutoCloseable> T add(T part) {
    opened.add(part);
    return part;
  }

  /** In the reverse order; one that fails does not keep the others open. */
  @Override
  public void close() {
    for (var part : opened.reversed()) {
      try {
        part.close();
      } catch (Throwable e) {
        LoggerFactory.getLogger(Stage.class).warn("stopping", e);
      }
    }
    opened.clear();
  }

  /** Waits, a minute at most; throws what the future failed with. */
  public static <T> T await(Future<T> future) {
    return await(future.toCompletionStage().toCompletableFuture());
  }

  public static <T> T await(CompletableFuture<T> future) {
    try {
      // a copy: others may wait for the same
      return future.copy().orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
