package io.streamer.local.live;

import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The classes of one source file, before those of the same name further up. */
final class CompiledClasses extends ClassLoader {
  static final String NAME = "source";

  private final Map<String, byte[]> classes;
  private final ProtectionDomain origin;

  /**
   * @param file told as the origin of the classes
   * @param classes class files by their binary names
   */
  CompiledClasses(Path file, Map<String, byte[]> classes, ClassLoader parent) {
    super(NAME, parent);
    this.classes = Map.copyOf(classes);
    this.origin =
        new ProtectionDomain(new CodeSource(url(file), (Certificate @Nullable []) null), null);
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("no file: " + file, e);
    }
  }

  /** The binary names of the classes, nested ones included. */
  Set<String> names() {
    return classes.keySet();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    var bytes = classes.get(name);
    if (bytes == null) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? defineClass(name, bytes, 0, bytes.length, origin) : loaded;
    }
  }
}
