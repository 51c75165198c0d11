package io.streamer.local.live;

import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.ContextLoader;
import io.streamer.shared.action.HandlerFolder;
import io.streamer.shared.action.Thrown;
import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The jars of a folder, or the classes of a project, in one version, on one class path. They are
 * copied: a running handler may load a class for the first time when a build has long overwritten
 * its jar.
 */
record JarFiles(List<Path> copies, ClassLoader loader, List<HandlerModule> modules) {

  static JarFiles none(ClassLoader parent) {
    return new JarFiles(List.of(), parent, List.of());
  }

  /**
   * Reads the jars.
   *
   * @param copies a folder for this version alone
   * @param parent has the modules that are not the folder's
   * @param ours is looked at first for each class
   */
  static JarFiles load(Path folder, Path copies, ClassLoader parent, OurJars ours)
      throws Unloadable, IOException {
    try {
      for (var jar : HandlerFolder.jars(folder)) {
        ours.refuseClash(jar);
        Files.copy(jar, copies.resolve(jar.getFileName().toString()));
      }
      var jars = HandlerFolder.jars(copies);
      var loader = HandlerFolder.loader(copies, parent);
      return new JarFiles(jars, loader, modulesOf(folder, loader));
    } catch (SettingsException e) {
      throw new Unloadable(folder + ": " + e.getMessage());
    }
  }

  /** Those that the loader's own META-INF/services name. */
  static List<HandlerModule> modulesOf(Path folder, ClassLoader loader) throws Unloadable {
    return ContextLoader.get(loader, () -> modules(folder, loader));
  }

  private static List<HandlerModule> modules(Path folder, ClassLoader loader) throws Unloadable {
    try {
      var modules = new ArrayList<HandlerModule>();
      for (var service : ServiceLoader.load(HandlerModule.class, loader).stream().toList()) {
        if (loader.equals(service.type().getClassLoader())) {
          modules.add(service.get());
        }
      }
      return List.copyOf(modules);
    } catch (ServiceConfigurationError e) {
      var cause = e.getCause();
      throw new Unloadable(
          folder + ": " + e.getMessage() + (cause == null ? "" : ": " + Thrown.told(cause)));
    } catch (Throwable e) {
      // of a class that cannot be linked, say
      throw new Unloadable(folder + ": " + Thrown.told(e));
    }
  }
}
