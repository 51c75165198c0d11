package io.streamer.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.settings.Environment;
import io.streamer.worker.log.FunctionLog;
import io.streamer.worker.log.Invocation;
import io.streamer.worker.run.Origin;
import io.streamer.worker.stream.JobStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;

/** The function that runs one job: {@code {"jobId": …, "epoch": …}}, invoked asynchronously. */
public final class JobFunction implements RequestStreamHandler {
  private static final int EX_SOFTWARE = 70;

  /** Where Lambda's Java runtime puts the trace of an invocation, {@code _X_AMZN_TRACE_ID}. */
  private static final String XRAY = "com.amazonaws.xray.traceHeader";

  private final Worker worker;

  /** As Lambda makes it: settings from the process, handlers from its own class path. */
  public JobFunction() {
    this(JobFunction.class.getClassLoader());
  }

  /** The same, with the handlers that a class loader finds. */
  public JobFunction(ClassLoader handlers) {
    this(worker(FunctionLog.chosenFor(Environment.ofProcess()), handlers));
    worker.shareTraces();
  }

  private static Worker worker(Environment environment, ClassLoader handlers) {
    var modules = ServiceLoader.load(HandlerModule.class, handlers);
    return new Worker(
        environment,
        Catalogue.of(modules, environment),
        // Lambda then makes a fresh sandbox
        Worker.Hooks.NONE.onAbandoned(() -> Runtime.getRuntime().halt(EX_SOFTWARE)));
  }

  public JobFunction(Worker worker) {
    this.worker = worker;
  }

  /**
   * Runs the job for as long as the invocation's time allows.
   *
   * @throws IOException if the input is not an invocation of ours
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var start = JobStart.read(input);
    try (var _ = Invocation.begin(context.getAwsRequestId())) {
      worker.run(
          start.id(),
          start.epoch(),
          new Origin(start.traceparent(), xray(context)),
          Duration.ofMillis(context.getRemainingTimeInMillis()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> xray(Context context) {
    return Optional.ofNullable(context.getXrayTraceId())
        .or(() -> Optional.ofNullable(System.getProperty(XRAY)));
  }
}
