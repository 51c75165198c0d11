package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A jar of classes that are on no class path of the tests: compiled from text. */
final class CompiledJar {
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> files = new TreeMap<>();

  /** Adds a class by its full name. */
  CompiledJar source(String name, String text) {
    sources.put(name, text);
    return this;
  }

  /** Adds a file, such as one of META-INF/services. */
  CompiledJar file(String name, String text) {
    files.put(name, text);
    return this;
  }

  CompiledJar module(String name) {
    return file("META-INF/services/io.streamer.handler.HandlerModule", name + "\n");
  }

  /**
   * Writes it.
   *
   * @param others jars that it is compiled against, beside the tests' own class path
   */
  Path write(Path jar, Path... others) throws IOException {
    var classes = Files.createTempDirectory(jar.getParent(), "classes");
    if (!sources.isEmpty()) {
      compile(classes, others);
    }
    try (var out = new ZipOutputStream(Files.newOutputStream(jar));
        var compiled = Files.walk(classes)) {
      for (var file : compiled.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
      for (var file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue().getBytes(UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }

  private void compile(Path classes, Path... others) {
    var classPath =
        new StringBuilder(
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    for (var other : others) {
      classPath.append(java.io.File.pathSeparatorChar).append(other);
    }
    var said = new StringWriter();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, text) -> units.add(new Text(name, text)));
    var options = List.of("-d", classes.toString(), "-cp", classPath.toString(), "-proc:none");
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (!compiler.getTask(said, null, null, options, null, units).call()) {
      throw new AssertionError("the test's own source does not compile:\n" + said);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
