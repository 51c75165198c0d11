package io.streamer.cli.build;

import io.streamer.shared.settings.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Our jars of one process, unpacked from what the build made. */
final class OwnJars {
  private final Path folder;
  private final List<Library> libraries;

  private OwnJars(Path folder, List<Library> libraries) {
    this.folder = folder;
    this.libraries = libraries;
  }

  /**
   * Unpacks {@code lib/*.jar} of a zip into the folder.
   *
   * @throws Refused if the zip was not made
   */
  static OwnJars unpack(Path zip, Path folder) throws IOException {
    if (!Files.exists(zip)) {
      throw new Refused(
          "there is no " + zip + ": it is made by ./streamer build, and by mvn package");
    }
    Files.createDirectories(folder);
    Archive.unpack(zip, folder);
    return new OwnJars(folder, Archive.jars(folder).stream().map(Library::of).toList());
  }

  List<Path> files() throws IOException {
    return Archive.jars(folder);
  }

  /** Whether this very version of the library is among ours, and need not be there twice. */
  boolean hold(Library library) {
    return libraries.stream()
        .anyMatch(own -> own.sameAs(library) && own.version().equals(library.version()));
  }

  /**
   * Refuses a jar that cannot be beside ours.
   *
   * @throws Refused naming both jars
   */
  void refuseClash(Path jar, Library library) {
    for (var own : libraries) {
      if (own.clashesWith(library)) {
        throw new Refused(
            "%s and our %s are two versions of one library; take version %s, or relocate yours"
                .formatted(jar, own.file(), own.version()));
      }
      if (own.file().equals(library.file())) {
        throw new Refused("%s has the name of a jar of ours; rename it".formatted(jar));
      }
    }
  }

  /** Every class of ours by its path. */
  Map<String, Content> classes() throws IOException {
    var classes = new HashMap<String, Content>();
    for (var jar : files()) {
      for (var entry : classesOf(jar)) {
        classes.put(entry.getName(), new Content(jar.getFileName().toString(), entry.getCrc()));
      }
    }
    return classes;
  }

  /** Where a class stands, and a sum of its bytes. */
  record Content(String jar, long crc) {}

  /**
   * Refuses a jar with other versions of our classes packed into it.
   *
   * @throws Refused naming both jars
   */
  static void refuseOtherVersions(Path jar, Map<String, Content> ours) throws IOException {
    for (var entry : classesOf(jar)) {
      var own = ours.get(entry.getName());
      if (own != null && own.crc() != entry.getCrc()) {
        throw new Refused(
            "%s holds %s, and our %s another version of it; leave it out of your jar, or relocate it"
                .formatted(jar, entry.getName(), own.jar()));
      }
    }
  }

  private static List<ZipEntry> classesOf(Path jar) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      return new ArrayList<>(
          zip.stream()
              .map(entry -> (ZipEntry) entry)
              .filter(entry -> entry.getName().endsWith(".class"))
              .filter(entry -> !entry.getName().endsWith("module-info.class"))
              .filter(entry -> !entry.getName().startsWith("META-INF/"))
              .toList());
    }
  }
}
