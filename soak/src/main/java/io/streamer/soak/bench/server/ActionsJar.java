package io.streamer.soak.bench.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.gateway.action.VertxAction;
import io.streamer.handler.HandlerModule;
import io.streamer.soak.bench.actions.BenchActions;
import io.streamer.soak.bench.actions.Bound;
import io.streamer.soak.bench.actions.Counting;
import io.streamer.soak.bench.actions.CountingFast;
import io.streamer.soak.bench.actions.Job;
import io.streamer.soak.bench.actions.Large;
import io.streamer.soak.bench.actions.OnVertx;
import io.streamer.soak.bench.actions.Plain;
import io.streamer.soak.bench.actions.Reporting;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** A handler jar of the bench's actions, as a user would have one. */
public final class ActionsJar {
  public static final String NAME = "bench-actions.jar";

  private static final List<Class<?>> CLASSES =
      List.of(
          BenchActions.class,
          Plain.class,
          Bound.class,
          Bound.Text.class,
          OnVertx.class,
          Job.class,
          Large.class,
          Reporting.class,
          Counting.class,
          Counting.Asked.class,
          Counting.Told.class,
          CountingFast.class);

  private ActionsJar() {}

  /** Makes it in a folder. */
  public static void write(Path folder) throws IOException {
    write(folder, List.of());
  }

  /**
   * Makes it in a folder.
   *
   * @param more what else is in it
   */
  public static void write(Path folder, List<Class<?>> more) throws IOException {
    Files.createDirectories(folder);
    try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve(NAME)))) {
      for (var type : Stream.concat(CLASSES.stream(), more.stream()).toList()) {
        var name = type.getName().replace('.', '/') + ".class";
        try (var bytes = ActionsJar.class.getClassLoader().getResourceAsStream(name)) {
          if (bytes == null) {
            throw new FileNotFoundException(name);
          }
          entry(jar, name, bytes.readAllBytes());
        }
      }
      service(jar, HandlerModule.class, BenchActions.class);
      service(jar, VertxAction.class, OnVertx.class);
    }
  }

  private static void service(JarOutputStream jar, Class<?> service, Class<?> provider)
      throws IOException {
    entry(jar, "META-INF/services/" + service.getName(), provider.getName().getBytes(UTF_8));
  }

  private static void entry(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }
}
