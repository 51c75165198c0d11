package io.streamer.shared.settings;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of handler jars, put on a class path of their own. */
public final class HandlerFolder {
  private HandlerFolder() {}

  /**
   * The jars of the folder, in the order of their names, below the parent.
   *
   * @throws SettingsException if there is no such folder
   */
  public static ClassLoader loader(Path folder, ClassLoader parent) {
    if (!Files.isDirectory(folder)) {
      throw new SettingsException("there is no folder " + folder + " to take handlers from");
    }
    try (var files = Files.list(folder)) {
      var jars =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .sorted()
              .map(HandlerFolder::url)
              .toArray(URL[]::new);
      return new URLClassLoader("handlers", jars, parent);
    } catch (IOException e) {
      throw new SettingsException("the folder " + folder + " cannot be read: " + e.getMessage());
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
