package io.streamer.local.stage;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** What gateway and worker are deployed with. */
final class PackedJars {
  private static final List<String> PACKS =
      List.of("worker-lambda/target/worker.zip", "gateway/target/gateway.zip");

  private PackedJars() {}

  /**
   * Their jars, as this process has them on its class path; all that are there, in a repository
   * that was not built.
   */
  static List<Path> onClassPath(Path home) {
    var packed = new HashSet<String>();
    for (var pack : PACKS) {
      packed.addAll(names(home.resolve(pack)));
    }
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .filter(jar -> packed.isEmpty() || packed.contains(jar.getFileName().toString()))
        .filter(Files::isRegularFile)
        .toList();
  }

  private static Set<String> names(Path pack) {
    var names = new HashSet<String>();
    if (Files.exists(pack)) {
      try (var zip = new ZipFile(pack.toFile())) {
        zip.stream()
            .map(entry -> entry.getName().replaceFirst(".*/", ""))
            .filter(name -> name.endsWith(".jar"))
            .forEach(names::add);
      } catch (IOException e) {
        throw new UncheckedIOException(pack + " cannot be read; run ./streamer build again", e);
      }
    } else {
      // as an archive has it
      var unpacked = pack.resolveSibling(pack.getFileName().toString().replace(".zip", "/lib"));
      var jars = unpacked.toFile().list();
      names.addAll(jars == null ? List.of() : List.of(jars));
    }
    return names;
  }
}
