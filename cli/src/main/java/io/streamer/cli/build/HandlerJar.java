package io.streamer.cli.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.shared.action.Library;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * A jar of the users'.
 *
 * @param modules the classes that its service file names; empty for a library
 * @param serves whether it has actions: modules, or actions for the gateway alone
 */
record HandlerJar(Path path, Library library, List<String> modules, boolean serves) {
  /** The file that names a jar's modules. */
  static final String SERVICE = "META-INF/services/io.streamer.handler.HandlerModule";

  private static final String VERTX_SERVICE =
      "META-INF/services/io.streamer.gateway.action.VertxAction";
  private static final String ACTION = "Lio/streamer/handler/Action;";

  static HandlerJar read(Path path) throws IOException {
    try (var zip = new ZipFile(path.toFile())) {
      var service = zip.getEntry(SERVICE);
      var modules = new ArrayList<String>();
      if (service != null) {
        try (var input = zip.getInputStream(service)) {
          new String(input.readAllBytes(), UTF_8)
              .lines()
              .map(line -> line.replaceFirst("#.*", "").strip())
              .filter(line -> !line.isEmpty())
              .forEach(modules::add);
        }
      }
      var serves = !modules.isEmpty() || zip.getEntry(VERTX_SERVICE) != null;
      return new HandlerJar(path, Library.of(path), List.copyOf(modules), serves);
    }
  }

  String name() {
    return library.file();
  }

  /** The classes that carry {@code @Action}, by their names. */
  List<String> actionClasses() throws IOException {
    var found = new ArrayList<String>();
    try (var zip = new ZipFile(path.toFile())) {
      for (var entry : zip.stream().toList()) {
        var name = entry.getName();
        if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
          try (var input = zip.getInputStream(entry)) {
            if (isAction(input.readAllBytes())) {
              found.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
            }
          }
        }
      }
    }
    return found;
  }

  private static boolean isAction(byte[] bytes) {
    try {
      return ClassFile.of()
          .parse(bytes)
          .findAttribute(Attributes.runtimeVisibleAnnotations())
          .filter(all ->
              all.annotations().stream().anyMatch(one -> one.className().equalsString(ACTION)))
          .isPresent();
    } catch (IllegalArgumentException _) {
      // a class of a form that is no class to this JDK is no handler either
      return false;
    }
  }
}
