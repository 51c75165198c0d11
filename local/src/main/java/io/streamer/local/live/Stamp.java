package io.streamer.local.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By what a changed file is told from the one before, without reading it.
 *
 * @param key the file's identity, where the file system has one: editors rename a new file into
 *     place
 */
record Stamp(FileTime modified, long size, @Nullable Object key) {

  /** The stamps of a folder's jars, sources and settings, by name; empty without the folder. */
  static NavigableMap<Path, Stamp> of(Path folder) {
    var stamps = new TreeMap<Path, Stamp>();
    try (var files = Files.newDirectoryStream(folder, Stamp::counts)) {
      for (var file : files) {
        read(file, stamps);
      }
    } catch (IOException | DirectoryIteratorException _) {
      // no folder, or it went while we looked
    }
    return stamps;
  }

  /** The stamps of a project's sources, resources, settings and POM. */
  static NavigableMap<Path, Stamp> ofProject(Path folder) {
    var stamps = new TreeMap<Path, Stamp>();
    try {
      read(folder.resolve(ProjectSource.POM), stamps);
      read(folder.resolve(EnvFile.NAME), stamps);
      var sources = folder.resolve("src/main");
      if (Files.isDirectory(sources)) {
        try (var files = Files.walk(sources)) {
          for (var file : files.filter(it -> !isEditors(it)).toList()) {
            read(file, stamps);
          }
        }
      }
    } catch (IOException | UncheckedIOException _) {
      // something went while we looked: the next look sees what is left
    }
    return stamps;
  }

  private static void read(Path file, NavigableMap<Path, Stamp> stamps) throws IOException {
    try {
      var it = Files.readAttributes(file, BasicFileAttributes.class);
      if (it.isRegularFile()) {
        stamps.put(file, new Stamp(it.lastModifiedTime(), it.size(), it.fileKey()));
      }
    } catch (NoSuchFileException _) {
      // went while we looked
    }
  }

  /** Editors keep their own files beside, with a dot or a # in front, or a ~ behind. */
  private static boolean isEditors(Path file) {
    var name = file.getFileName().toString();
    return name.startsWith(".") || name.startsWith("#") || name.endsWith("~");
  }

  private static boolean counts(Path file) {
    var name = file.getFileName().toString();
    if (name.equals(EnvFile.NAME)) {
      return true;
    }
    return !isEditors(file)
        && (isJar(file) || isSource(file))
        && !name.equals("package-info.java")
        && !name.equals("module-info.java");
  }

  /** A jar, or the settings: what each source of the folder may depend on. */
  static boolean isCommon(Path file) {
    return isJar(file) || file.endsWith(EnvFile.NAME);
  }

  private static boolean isJar(Path file) {
    return file.toString().endsWith(".jar");
  }

  static boolean isSource(Path file) {
    return file.toString().endsWith(".java");
  }
}
