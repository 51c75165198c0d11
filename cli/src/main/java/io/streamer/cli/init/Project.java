package io.streamer.cli.init;

import io.streamer.cli.build.ScratchFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/**
 * A project of a user's for handlers, named and not yet made.
 *
 * @param name the artifact's
 * @param inPackage of its Java classes, also its Maven group
 */
public record Project(String name, String inPackage, Path folder) {
  private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,62}[a-z0-9])?");
  private static final Pattern PACKAGE =
      Pattern.compile("[a-z][a-z0-9_]{0,62}(\\.[a-z][a-z0-9_]{0,62}){0,9}");
  private static final Set<String> RESERVED = Set.of("java", "javax", "jdk", "sun");
  private static final Pattern CLASSES = Pattern.compile("\\.(java|kt)$");
  private static final String WITHOUT = ".without";
  private static final String OURS = "io.streamer";

  /**
   * @throws IllegalArgumentException saying what is allowed, if a name is wrong or the folder is
   *     there
   */
  public Project {
    require(
        NAME.matcher(name).matches(),
        "a name is up to 64 lower-case letters, digits and hyphens, with a letter first and no"
            + " hyphen last, not \""
            + name
            + "\"");
    require(
        PACKAGE.matcher(inPackage).matches() && SourceVersion.isName(inPackage),
        "a package is lower-case Java names with dots between, such as com.example.shop, not \""
            + inPackage
            + "\"; choose one with --package");
    require(
        !RESERVED.contains(inPackage.split("\\.", 2)[0])
            && !(inPackage + ".").startsWith(OURS + "."),
        "the package " + inPackage + " is somebody else's; choose one with --package");
    require(!Files.exists(folder), folder + " is there already; choose another folder with --dir");
  }

  /**
   * Names a project.
   *
   * @param inPackage the name's letters and digits, unless given
   * @param folder one of the project's name in the current folder, unless given
   */
  public static Project of(String name, Optional<String> inPackage, Optional<Path> folder) {
    return new Project(
        name, inPackage.orElse(name.replace("-", "")), folder.orElseGet(() -> Path.of(name)));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Copies a template; the folder is there as a whole or not at all.
   *
   * @param layers the template, and what is laid over it: a file takes the place of the one before,
   *     and those that its file {@code .without} names, or whose folder it names, are left out
   * @param version of our artefacts
   * @throws UncheckedIOException if it cannot be written
   */
  public void make(List<Path> layers, String version) {
    var target = folder.toAbsolutePath();
    var next = target.resolveSibling("." + target.getFileName() + ".new");
    try {
      ScratchFolder.delete(next);
      for (var file : files(layers).entrySet()) {
        var copy = next.resolve(place(file.getKey()).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, filled(Files.readString(file.getValue()), version));
      }
      Files.move(next, target);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder + ": " + e, e);
    }
  }

  private static Map<Path, Path> files(List<Path> layers) throws IOException {
    var all = new TreeMap<Path, Path>();
    for (var layer : layers) {
      var without = layer.resolve(WITHOUT);
      if (Files.exists(without)) {
        var gone = Files.readAllLines(without);
        all.keySet().removeIf(file -> gone.stream().anyMatch(file::startsWith));
      }
      try (var files = Files.walk(layer)) {
        files
            .filter(file -> Files.isRegularFile(file) && !file.equals(without))
            .forEach(file -> all.put(layer.relativize(file), file));
      }
    }
    return all;
  }

  /** The template's classes lie in no package. */
  private Path place(Path file) {
    var own = CLASSES.matcher(file.toString()).find() ? inPackage.replace('.', '/') : "";
    return file.resolveSibling(own).resolve(file.getFileName());
  }

  private String filled(String text, String version) {
    return text.replace("@name@", name)
        .replace("@package@", inPackage)
        .replace("@version@", version);
  }
}
