package io.streamer.cli.build;

import io.streamer.shared.action.Library;
import io.streamer.shared.action.OwnLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Our jars of one process, unpacked from what the build made. */
final class OwnJars {
  private final Path folder;
  private final OwnLibraries libraries;

  private OwnJars(Path folder, OwnLibraries libraries) {
    this.folder = folder;
    this.libraries = libraries;
  }

  /**
   * Unpacks {@code lib/*.jar} of a zip into the folder. Where Streamer came as an archive, a folder
   * of the zip's name takes its place.
   *
   * @throws Refused if the zip was not made
   */
  static OwnJars unpack(Path zip, Path folder) throws IOException {
    var unpacked = zip.resolveSibling(zip.getFileName().toString().replace(".zip", "/lib"));
    if (!Files.exists(zip) && Files.isDirectory(unpacked)) {
      Archive.copy(Archive.jars(unpacked).stream(), folder);
      return new OwnJars(folder, OwnLibraries.of(Archive.jars(folder)));
    }
    if (!Files.exists(zip)) {
      throw new Refused(
          "there is no " + zip + ": it is made by ./streamer build, and by mvn package");
    }
    Files.createDirectories(folder);
    Archive.unpack(zip, folder);
    return new OwnJars(folder, OwnLibraries.of(Archive.jars(folder)));
  }

  List<Path> files() throws IOException {
    return Archive.jars(folder);
  }

  /** Whether this very version of the library is among ours, and need not be there twice. */
  boolean hold(Library library) {
    return libraries.hold(library);
  }
}
