package io.streamer.system;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * A function as Lambda runs it: AWS's own runtime interface client in a process, one event at a
 * time, killed when an event's time is up, and replaced by another process afterwards.
 */
final class LambdaProcess implements AutoCloseable {
  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final List<String> CLIENT_JARS =
      List.of("aws-lambda-java-runtime-interface-client", "aws-lambda-java-serialization");
  private static final Duration START = Duration.ofSeconds(60);

  private final Path lib;
  private final String handler;
  private final Map<String, String> environment;
  private final Path log;
  private Sandbox sandbox;
  private int started;

  /** How an invocation went. */
  sealed interface Ended {

    record Answered(RuntimeApi.Answer answer) implements Ended {}

    /** The process ended before it answered. */
    record Died(int exitCode) implements Ended {}

    /** It had not answered when its time was up, and was killed. */
    record Killed() implements Ended {}
  }

  private record Sandbox(Process process, RuntimeApi api, CompletableFuture<Void> exit) {}

  /**
   * A function that is not started yet.
   *
   * @param lib the unpacked jars of its package
   * @param log takes what its processes print
   */
  LambdaProcess(Path lib, String handler, Map<String, String> environment, Path log) {
    this.lib = lib;
    this.handler = handler;
    this.environment = new HashMap<>(environment);
    this.log = log;
  }

  /** Runs one event, in the process that is there or in a new one. */
  synchronized Ended invoke(byte[] event, Duration time) throws Exception {
    var begun = System.nanoTime();
    var cold = sandbox == null || !sandbox.process().isAlive();
    if (cold) {
      start();
    }
    var invocation = sandbox.api().offer(event, time);
    var exit = sandbox.exit();
    CompletableFuture.anyOf(invocation.handedOut, exit)
        .get(START.toMillis(), TimeUnit.MILLISECONDS);
    try {
      CompletableFuture.anyOf(invocation.answer, exit).get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      kill();
      return new Ended.Killed();
    }
    // for whoever reads the test's output: nothing is asserted of it
    System.out.printf(
        "%s: the %s took %d ms%n",
        handler,
        cold ? "first invocation, with the start of its process," : "next one",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    return invocation.answer.isDone()
        ? new Ended.Answered(invocation.answer.get())
        : new Ended.Died(sandbox.process().waitFor());
  }

  /** Starts a process that is expected to fail, and gives what it tells. */
  synchronized JsonObject failingStart()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    start();
    return sandbox.api().initError().get(START.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many processes there were. */
  synchronized int started() {
    return started;
  }

  /** All that its processes printed, both streams. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  private void start() throws IOException {
    stop();
    var api = new RuntimeApi();
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = lib + "/*" + File.pathSeparator + client();
    var builder =
        new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            NativeRuntime.option(),
            "-cp",
            classPath,
            CLIENT,
            handler);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
    builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", "under-test");
    builder.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var process = builder.start();
    sandbox = new Sandbox(process, api, process.onExit().thenApply(_ -> null));
    started++;
  }

  /** The runtime's jars, which Lambda brings itself. */
  private static String client() {
    var own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(own.split(File.pathSeparator))
        .filter(entry ->
            CLIENT_JARS.stream().anyMatch(Path.of(entry).getFileName().toString()::startsWith))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Lays a package out as Lambda does, and gives the folder of its jars. */
  static Path unpack(Path zip, Path task) throws IOException {
    try (var file = new ZipFile(zip.toFile())) {
      for (var entry : file.stream().filter(one -> !one.isDirectory()).toList()) {
        var target = task.resolve(entry.getName());
        Files.createDirectories(target.getParent());
        try (var input = file.getInputStream(entry)) {
          Files.copy(input, target);
        }
      }
    }
    return task.resolve("lib");
  }

  private void kill() throws InterruptedException {
    sandbox.process().destroyForcibly().waitFor();
  }

  private void stop() {
    if (sandbox != null) {
      sandbox.process().destroyForcibly();
      sandbox.api().close();
    }
  }

  @Override
  public synchronized void close() {
    stop();
  }
}
