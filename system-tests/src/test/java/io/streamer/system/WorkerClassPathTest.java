package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a worker's package holds: its build writes the list. */
class WorkerClassPathTest {
  private static final Path WORKER = LocalStage.home().resolve("worker-lambda/target");

  @Test
  void theWorkersClassPathHasNoVertx() throws Exception {
    try (var loader = worker()) {
      assertThat(loader.getResource("io/vertx/core/Vertx.class")).isNull();
      assertThat(loader.getResource("io/netty/channel/Channel.class")).isNull();
      assertThat(loader.getResource("io/streamer/gateway/Gateway.class")).isNull();
    }
  }

  @Test
  void theWorkersClassPathIsEnoughForItsFunctions() throws Exception {
    try (var loader = worker()) {
      for (var function : List.of("StreamFunction", "JobFunction")) {
        var type = Class.forName("io.streamer.worker." + function, true, loader);
        // every type that its methods and constructors name is looked up here
        assertThat(type.getDeclaredMethods()).isNotEmpty();
        assertThat(type.getConstructors()).isNotEmpty();
      }
    }
  }

  @Test
  void nothingOfOpenTelemetryIsLoadedBeforeAnEndpointIsSet() throws Exception {
    try (var loader = worker(jar -> !jar.startsWith("opentelemetry-"))) {
      var settings = Map.of("AWS_REGION", "eu-west-1", "STREAMER_JOB_FUNCTION", "job");
      streamFunction(loader, settings).close();
      var traced = new HashMap<>(settings);
      traced.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
      assertThatThrownBy(() -> streamFunction(loader, traced))
          .hasRootCauseInstanceOf(ClassNotFoundException.class)
          .hasStackTraceContaining("opentelemetry");
    }
  }

  private static AutoCloseable streamFunction(ClassLoader loader, Map<String, String> settings)
      throws Exception {
    var environment = loader.loadClass("io.streamer.shared.settings.Environment");
    return (AutoCloseable)
        loader
            .loadClass("io.streamer.worker.StreamFunction")
            .getConstructor(environment)
            .newInstance(environment.getConstructor(Map.class).newInstance(settings));
  }

  private static URLClassLoader worker() throws IOException {
    return worker(_ -> true);
  }

  /**
   * Nothing of this test's own class path is visible in it.
   *
   * @param wanted which jars are there, by their names
   */
  private static URLClassLoader worker(Predicate<String> wanted) throws IOException {
    var urls = new ArrayList<URL>();
    urls.add(url(WORKER.resolve("classes")));
    for (var entry : entries()) {
      if (wanted.test(entry.getFileName().toString())) {
        urls.add(url(entry));
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static List<Path> entries() throws IOException {
    var list = Files.readString(WORKER.resolve("class-path.txt")).strip();
    return Arrays.stream(list.split(File.pathSeparator)).map(Path::of).toList();
  }

  private static URL url(Path path) throws MalformedURLException {
    return path.toUri().toURL();
  }
}
