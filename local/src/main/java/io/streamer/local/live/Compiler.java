package io.streamer.local.live;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compiles single files, against the stage's own class path and the folder's jars. */
final class Compiler {
  private final ClassLoader parent;
  private final String classPath;

  /**
   * @param parent has the classes of the jars
   */
  Compiler(List<Path> jars, ClassLoader parent) {
    this.parent = parent;
    this.classPath =
        jars.stream()
            .map(Path::toString)
            .collect(
                Collectors.joining(
                    File.pathSeparator,
                    "",
                    File.pathSeparator + System.getProperty("java.class.path")));
  }

  /**
   * Compiles a file.
   *
   * @throws Unloadable with the errors
   */
  CompiledClasses compile(Path file, String text) throws Unloadable {
    return new CompiledClasses(file, Javac.compile(file, Map.of(file, text), classPath), parent);
  }
}
