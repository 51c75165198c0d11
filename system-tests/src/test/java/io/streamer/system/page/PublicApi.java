package io.streamer.system.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What others may compile against in a module: a line for each type and each member. What lies in a
 * package {@code internal} is for the module alone.
 */
final class PublicApi {
  private PublicApi() {}

  /**
   * The lines, sorted.
   *
   * @param any a type of the module
   */
  static String of(Class<?> any) {
    var lines = new TreeSet<String>();
    for (var type : types(any)) {
      if (isVisible(type)) {
        lines.add(line(type));
        members(type).map(member -> type.getName() + " | " + member).forEach(lines::add);
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<Class<?>> types(Class<?> any) {
    try {
      var folder = Path.of(any.getProtectionDomain().getCodeSource().getLocation().toURI());
      var root = Files.isDirectory(folder) ? folder : null;
      if (root == null) {
        try (var jar = java.nio.file.FileSystems.newFileSystem(folder)) {
          return types(jar.getPath("/"), any.getClassLoader());
        }
      }
      return types(root, any.getClassLoader());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Class<?>> types(Path root, ClassLoader loader) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.startsWith("io/") && name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .filter(name -> !name.endsWith("package-info") && !name.contains(".internal."))
          .<Class<?>>map(name -> load(name, loader))
          .toList();
    }
  }

  private static Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isVisible(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
      return false;
    }
    var outer = type.getEnclosingClass();
    return visible(type.getModifiers()) && (outer == null || isVisible(outer));
  }

  private static boolean visible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String line(Class<?> type) {
    var parents =
        Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()))
            .filter(parent -> parent != Object.class)
            .map(Type::getTypeName)
            .collect(Collectors.joining(", "));
    var sealed =
        type.isSealed()
            ? " permits "
                + Arrays.stream(type.getPermittedSubclasses())
                    .map(Class::getName)
                    .sorted()
                    .collect(Collectors.joining(", "))
            : "";
    return type.getName()
        + " | "
        + marks(type)
        + type.toGenericString()
        + (parents.isEmpty() ? "" : " : " + parents)
        + sealed;
  }

  private static Stream<String> members(Class<?> type) {
    return Stream.of(
            Arrays.stream(type.getDeclaredFields())
                .filter(PublicApi::isVisible)
                .map(PublicApi::text),
            Arrays.stream(type.getDeclaredConstructors())
                .filter(PublicApi::isVisible)
                .map(Executable::toGenericString),
            Arrays.stream(type.getDeclaredMethods())
                .filter(PublicApi::isVisible)
                .map(PublicApi::text))
        .flatMap(it -> it);
  }

  private static boolean isVisible(Member member) {
    return visible(member.getModifiers()) && !member.isSynthetic();
  }

  private static String text(Field field) {
    return field.toGenericString();
  }

  private static String text(Method method) {
    var fallback = method.getDefaultValue();
    return marks(method)
        + method.toGenericString()
        + (fallback == null ? "" : " default " + literal(fallback));
  }

  private static String literal(Object value) {
    return value instanceof Object[] many ? Arrays.toString(many) : value.toString();
  }

  private static String marks(AnnotatedElement element) {
    return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
  }
}
