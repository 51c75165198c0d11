package io.streamer.shared.action;

import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder of handler jars, put on a class path of their own. */
public final class HandlerFolder {
  private HandlerFolder() {}

  /**
   * The jars of the folder, in the order of their names, below the parent.
   *
   * @throws SettingsException if there is no such folder, or it holds two versions of one library
   */
  public static ClassLoader loader(Path folder, ClassLoader parent) {
    var urls = jars(folder).stream().map(HandlerFolder::url).toArray(URL[]::new);
    return new URLClassLoader("handlers", urls, parent);
  }

  /**
   * The jars of the folder, in the order of their names.
   *
   * @throws SettingsException if there is no such folder, or it holds two versions of one library
   */
  public static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new SettingsException("there is no folder " + folder + " to take handlers from");
    }
    try (var files = Files.list(folder)) {
      var jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      refuseTwoVersions(folder, jars);
      return jars;
    } catch (IOException e) {
      throw new SettingsException("the folder " + folder + " cannot be read: " + e.getMessage());
    }
  }

  private static void refuseTwoVersions(Path folder, List<Path> jars) {
    var libraries = new ArrayList<Library>();
    for (var jar : jars) {
      var library = Library.of(jar);
      for (var other : libraries) {
        if (library.clashesWith(other)) {
          throw new SettingsException(
              "the folder %s holds two versions of %s: %s and %s; keep one of them"
                  .formatted(folder, library.artifact(), other.file(), library.file()));
        }
      }
      libraries.add(library);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new SettingsException("the jar " + jar + " cannot be read: " + e.getMessage());
    }
  }
}
