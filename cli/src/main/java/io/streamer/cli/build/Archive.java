package io.streamer.cli.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Zips and folders of jars that depend on nothing but the jars. */
final class Archive {
  /** A zip cannot say less than 1980; a time zone could make it so. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private static final String FOLDER = "lib/";

  private Archive() {}

  /** The jars of a folder, in the order of their names. */
  static List<Path> jars(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted(BY_NAME).toList();
    }
  }

  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(file -> file.getFileName().toString());

  /** Writes the jars into {@code lib/} of a zip: the same bytes for the same jars. */
  static void zip(Stream<Path> jars, Path zip) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (var jar : jars.sorted(BY_NAME).toList()) {
        add(FOLDER + jar.getFileName(), jar, out);
      }
    }
  }

  private static void add(String name, Path file, ZipOutputStream out) throws IOException {
    var entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    out.putNextEntry(entry);
    copy(file, out);
    out.closeEntry();
  }

  private static void copy(Path file, OutputStream out) throws IOException {
    Files.copy(file, out);
  }

  /** Copies the jars into a new folder. */
  static void copy(Stream<Path> jars, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (var jar : jars.sorted(BY_NAME).toList()) {
      var copy = folder.resolve(jar.getFileName().toString());
      Files.copy(jar, copy);
      Files.setLastModifiedTime(copy, FileTime.from(TIME.toInstant(ZoneOffset.UTC)));
    }
  }

  /** Writes {@code lib/*.jar} of a zip into a folder. */
  static void unpack(Path zip, Path folder) throws IOException {
    try (var file = new ZipFile(zip.toFile())) {
      for (var entry : file.stream().toList()) {
        var name = entry.getName();
        if (name.startsWith(FOLDER) && name.endsWith(".jar")) {
          // the last part alone, so that no name leads out of the folder
          var jar = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
          try (var input = file.getInputStream(entry)) {
            Files.copy(input, jar, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }
}
