package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** Nothing of this test's own class path is visible in it. */
  private static URLClassLoader worker() throws IOException {
    var urls = new ArrayList<URL>();
    urls.add(url(WORKER.resolve("classes")));
    for (var entry : entries()) {
      urls.add(url(entry));
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
