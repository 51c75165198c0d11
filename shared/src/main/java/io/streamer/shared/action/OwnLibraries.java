package io.streamer.shared.action;

import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The libraries of gateway and worker, which handlers see in front of what they bring along. */
public final class OwnLibraries {
  private final List<Library> libraries;
  private final Map<String, Content> classes = new HashMap<>();

  /** Where a class stands, and a sum of its bytes. */
  private record Content(String jar, long crc) {}

  private OwnLibraries(List<Library> libraries) {
    this.libraries = libraries;
  }

  /**
   * Reads what is in them.
   *
   * @throws SettingsException if one cannot be read
   */
  public static OwnLibraries of(List<Path> jars) throws IOException {
    var own = new OwnLibraries(jars.stream().map(Library::of).toList());
    for (var jar : jars) {
      for (var entry : classesOf(jar)) {
        own.classes.put(entry.getName(), new Content(jar.getFileName().toString(), entry.getCrc()));
      }
    }
    return own;
  }

  /** Whether this very version of the library is among ours. */
  public boolean hold(Library library) {
    return libraries.stream()
        .anyMatch(own -> own.sameAs(library) && own.version().equals(library.version()));
  }

  /**
   * What keeps a jar of a user's from being beside ours, and what to do, with both jars' names.
   *
   * @param library what the jar is
   * @throws SettingsException if it cannot be read
   */
  public Optional<String> clash(Path jar, Library library) throws IOException {
    if (hold(library)) {
      return Optional.empty();
    }
    for (var own : libraries) {
      if (own.clashesWith(library)) {
        return Optional.of(
            "%s and our %s are two versions of one library; take version %s, or relocate yours"
                .formatted(jar, own.file(), own.version()));
      }
      if (own.file().equals(library.file())) {
        return Optional.of("%s has the name of a jar of ours; rename it".formatted(jar));
      }
    }
    for (var entry : classesOf(jar)) {
      var own = classes.get(entry.getName());
      if (own != null && own.crc() != entry.getCrc()) {
        return Optional.of(
            "%s holds %s, and our %s another version of it; leave it out of your jar, or relocate it"
                .formatted(jar, entry.getName(), own.jar()));
      }
    }
    return Optional.empty();
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
