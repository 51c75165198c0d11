package io.streamer.cli.build;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets the handler modules register in a class loader that sees what the worker will see and
 * nothing of this process. No handler is made.
 */
final class Trial {
  private Trial() {}

  /**
   * What was registered: handler classes by their actions.
   *
   * @param jars all of the worker's class path
   * @param settings what modules may ask for
   * @throws Refused if a module cannot register, or a class is missing
   */
  static Map<String, String> run(
      List<Path> jars, List<HandlerJar> handlers, Map<String, String> settings) throws IOException {
    var urls = jars.stream().map(Trial::url).toArray(URL[]::new);
    var parent = ClassLoader.getPlatformClassLoader();
    try (var loader = new URLClassLoader("worker", urls, parent)) {
      return register(loader, settings);
    } catch (InvocationTargetException e) {
      throw refused(e.getCause() == null ? e : e.getCause(), handlers);
    } catch (ReflectiveOperationException
        | IllegalStateException
        | LinkageError
        | ServiceConfigurationError e) {
      throw refused(e, handlers);
    }
  }

  // our own classes too are the loader's, so that they are reached by their names alone
  private static Map<String, String> register(ClassLoader loader, Map<String, String> settings)
      throws ReflectiveOperationException {
    var config =
        loader
            .loadClass("io.streamer.shared.settings.Environment")
            .getConstructor(Map.class)
            .newInstance(settings);
    var modules = ServiceLoader.load(loader.loadClass("io.streamer.handler.HandlerModule"), loader);
    var catalogue =
        loader
            .loadClass("io.streamer.shared.action.Catalogue")
            .getMethod("of", Iterable.class, loader.loadClass("io.streamer.handler.Config"))
            .invoke(null, modules, config);
    var definitions = catalogue.getClass().getMethod("definitions").invoke(catalogue);
    var actions = new TreeMap<String, String>();
    for (var definition : (Collection<?>) definitions) {
      var type = (String) definition.getClass().getMethod("handlerClass").invoke(definition);
      requireComplete(loader.loadClass(type));
      actions.put((String) definition.getClass().getMethod("action").invoke(definition), type);
    }
    return actions;
  }

  /** Looks up every type that the class's members name. */
  private static void requireComplete(Class<?> type) {
    try {
      var _ = type.getDeclaredMethods();
      var _ = type.getDeclaredFields();
      var _ = type.getDeclaredConstructors();
    } catch (LinkageError e) {
      var path = type.getProtectionDomain().getCodeSource().getLocation().getPath();
      throw new IllegalStateException(
          "%s from %s cannot be loaded: %s"
              .formatted(type.getName(), path.substring(path.lastIndexOf('/') + 1), e),
          e);
    }
  }

  private static Refused refused(Throwable thrown, List<HandlerJar> handlers) {
    var text = thrown instanceof IllegalStateException ? thrown.getMessage() : thrown.toString();
    var origin = origin(String.valueOf(text), handlers).map(jar -> jar + ": ").orElse("");
    return new Refused(origin + text + advice(thrown));
  }

  /** The jar of the module that an error names, unless the error names the jar itself. */
  private static Optional<String> origin(String text, List<HandlerJar> handlers) {
    return handlers.stream().anyMatch(jar -> text.contains(jar.name()))
        ? Optional.empty()
        : handlers.stream()
            .filter(jar -> jar.modules().stream().anyMatch(text::contains))
            .map(HandlerJar::name)
            .findFirst();
  }

  private static String advice(Throwable thrown) {
    for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
        return "; put the jar with that class into the folder too";
      }
      if (String.valueOf(cause.getMessage()).startsWith("the setting ")) {
        return "; set it for the build, or read it in the handler's supplier";
      }
    }
    return "";
  }

  /**
   * Refuses a jar whose handlers nobody registers because it names no module.
   *
   * @param registered the classes of the handlers that some module registers
   */
  static void refuseForgotten(List<HandlerJar> jars, Set<String> registered) throws IOException {
    for (var jar : jars) {
      if (!jar.serves()) {
        for (var type : jar.actionClasses()) {
          if (!registered.contains(type)) {
            throw new Refused(
                "%s has the handler %s and no %s: add that file, with the name of your HandlerModule class in it"
                    .formatted(jar.name(), type, HandlerJar.SERVICE));
          }
        }
      }
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("no jar: " + jar, e);
    }
  }
}
