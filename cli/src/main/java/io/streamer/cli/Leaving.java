package io.streamer.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Says at Ctrl-C that the job which is followed goes on without its follower. */
final class Leaving implements AutoCloseable {
  private final PrintWriter err;
  private final String requestId;
  private @Nullable Thread atExit;

  Leaving(PrintWriter err, String requestId) {
    this.err = err;
    this.requestId = requestId;
  }

  /** From the acknowledgment on there is a job. */
  void hear(JsonObject frame) {
    var jobId = frame.getValue("job_id");
    if (atExit == null && jobId != null) {
      var hook = new Thread(() -> say(jobId.toString()), "leaving");
      Runtime.getRuntime().addShutdownHook(hook);
      atExit = hook;
    }
  }

  private void say(String jobId) {
    err.println();
    err.println(
        """
        streamer: job %s goes on
          ./streamer status %1$s   says how it stands
          ./streamer cancel %1$s   stops it
          the same request with --id %s --follow follows it again\
        """
            .formatted(word(jobId), word(requestId)));
    err.flush();
  }

  /** The end was reached: there is nothing to say. */
  @Override
  public void close() {
    if (atExit != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException _) {
        // Ctrl-C was faster
      }
    }
  }

  /** Without control characters: they would steer the terminal. */
  private static String word(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
