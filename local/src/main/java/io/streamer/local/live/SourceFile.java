package io.streamer.local.live;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.ContextLoader;
import io.streamer.shared.action.Thrown;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Handlers in a single Java file: its {@link HandlerModule} classes, or if it has none, its classes
 * with {@link Action}, which are made by their constructor without parameters.
 */
final class SourceFile {
  private final Path file;

  SourceFile(Path file) {
    this.file = file;
  }

  /** Compiles the text and finds out what it registers; no handler is made yet. */
  List<HandlerModule> load(String text, Compiler compiler) throws Unloadable {
    var loader = compiler.compile(file, text);
    try {
      return ContextLoader.get(loader, () -> registered(loader));
    } catch (Unloadable e) {
      throw e;
    } catch (Throwable e) {
      // of a constructor, a static initialiser, an annotation that names what is not there
      throw new Unloadable(file + ": " + Thrown.told(e) + Lines.of(e));
    }
  }

  private List<HandlerModule> registered(CompiledClasses loader) throws Unloadable {
    var modules = new ArrayList<HandlerModule>();
    var handlers = new ArrayList<Class<?>>();
    for (var name : loader.names()) {
      var type = load(loader, name);
      if (!type.isInterface() && !Modifier.isAbstract(type.getModifiers())) {
        if (HandlerModule.class.isAssignableFrom(type) && !type.isAnonymousClass()) {
          modules.add((HandlerModule) made(constructor(type)));
        } else if (Handler.class.isAssignableFrom(type) && type.isAnnotationPresent(Action.class)) {
          handlers.add(type);
        }
      }
    }
    if (!modules.isEmpty()) {
      return modules;
    }
    if (handlers.isEmpty()) {
      throw new Unloadable(
          file
              + ": no class in it implements Handler and has @Action, and none is a HandlerModule");
    }
    var constructors = new ArrayList<Constructor<?>>();
    for (var type : handlers) {
      constructors.add(constructor(type));
    }
    return List.of((registering, _) ->
        constructors.forEach(
            one -> registering.add(handler(one.getDeclaringClass()), () -> handler(one))));
  }

  private Class<?> load(CompiledClasses loader, String name) throws Unloadable {
    try {
      var type = loader.loadClass(name);
      // members that cannot be linked are told now, not at the first request
      var _ = type.getDeclaredConstructors();
      return type;
    } catch (ClassNotFoundException | LinkageError e) {
      throw new Unloadable(file + ": " + name + " cannot be loaded: " + e);
    }
  }

  private Constructor<?> constructor(Class<?> type) throws Unloadable {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException _) {
      throw new Unloadable(
          "%s: %s has no constructor without parameters; add one, or a HandlerModule class to the file"
              .formatted(file, type.getSimpleName()));
    }
  }

  private static Object made(Constructor<?> constructor) {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw switch (e.getCause()) {
        case RuntimeException thrown -> thrown;
        case Error thrown -> throw thrown;
        case null, default -> new IllegalStateException(e.getCause());
      };
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  // what a class takes and gives is looked at when it is registered
  @SuppressWarnings("unchecked")
  private static Class<? extends Handler<Object, Object>> handler(Class<?> type) {
    return (Class<? extends Handler<Object, Object>>) type;
  }

  @SuppressWarnings("unchecked")
  private static Handler<Object, Object> handler(Constructor<?> constructor) {
    return (Handler<Object, Object>) made(constructor);
  }
}
