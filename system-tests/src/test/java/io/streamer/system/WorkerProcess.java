package io.streamer.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A worker in a process of its own, under the runtime client that Lambda runs it with. */
final class WorkerProcess implements AutoCloseable {
  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one; it then asks for events.
   *
   * @param runtimePort where the events are
   */
  static WorkerProcess start(int runtimePort, Map<String, String> settings) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var builder =
        new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            NativeRuntime.option(),
            "-cp",
            classPath,
            CLIENT,
            "io.streamer.worker.JobFunction");
    builder.environment().putAll(settings);
    builder.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + runtimePort);
    builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", "streamer-job");
    builder.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
    return new WorkerProcess(
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}
