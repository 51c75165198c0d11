package io.streamer.system;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A function of which a test has events lost. */
final class LosingFunction implements RequestStreamHandler {
  private final RequestStreamHandler function;
  private final Semaphore lost = new Semaphore(0);
  private volatile boolean losing;

  LosingFunction(RequestStreamHandler function) {
    this.function = function;
  }

  /** Loses all events from now on. */
  void lose() {
    losing = true;
  }

  void loseNoMore() {
    losing = false;
  }

  /** Returns when another event is lost. */
  void awaitLost() throws InterruptedException {
    if (!lost.tryAcquire(20, TimeUnit.SECONDS)) {
      throw new AssertionError("no event came");
    }
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    if (losing) {
      lost.release();
    } else {
      function.handleRequest(input, output, context);
    }
  }
}
