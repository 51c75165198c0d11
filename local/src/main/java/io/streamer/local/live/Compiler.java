package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles single files in memory, against the stage's own class path and the folder's jars. */
final class Compiler {
  private static final String RELEASE = "25";

  /** The line of javac's own report that names what it threw. */
  private static final Pattern THROWN = Pattern.compile("(?m)^[\\w.$]+(Error|Exception)\\b.*");

  private final ClassLoader parent;
  private final String classPath;

  /**
   * @param parent has the classes of the jars
   */
  Compiler(List<Path> jars, ClassLoader parent) {
    this.parent = parent;
    this.classPath =
        jars.stream()
            .map(Path::toString)
            .collect(
                Collectors.joining(
                    File.pathSeparator,
                    "",
                    File.pathSeparator + System.getProperty("java.class.path")));
  }

  /**
   * Compiles a file.
   *
   * @throws Unloadable with a line for each error: {@code file:line: message}
   */
  CompiledClasses compile(Path file, String text) throws Unloadable {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new Unloadable(file + ": this Java has no compiler; start with a JDK");
    }
    var found = new DiagnosticCollector<JavaFileObject>();
    var said = new StringWriter();
    var options =
        List.of(
            "--release", RELEASE, "-cp", classPath, "-proc:none", "-parameters", "-g", "-nowarn");
    try (var files = compiler.getStandardFileManager(found, Locale.ROOT, UTF_8);
        var made = new Made(files)) {
      var done =
          compiler.getTask(said, made, found, options, null, List.of(new Text(file, text))).call();
      if (!done) {
        var errors = errors(file, found);
        throw new Unloadable(errors.isEmpty() ? gaveUp(file, said.toString()) : errors);
      }
      return new CompiledClasses(file, made.classes(), parent);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compile " + file, e);
    }
  }

  private static String errors(Path file, DiagnosticCollector<JavaFileObject> found) {
    return found.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .map(one -> file + place(one) + ": " + one.getMessage(Locale.ROOT))
        .collect(Collectors.joining("\n"));
  }

  /** On a text that nests too deep, say. */
  private static String gaveUp(Path file, String said) {
    var thrown = THROWN.matcher(said);
    return file + ": the compiler gave up: " + (thrown.find() ? thrown.group() : said.strip());
  }

  private static String place(Diagnostic<?> one) {
    return one.getLineNumber() == Diagnostic.NOPOS ? "" : ":" + one.getLineNumber();
  }

  /** A source as it was read: the file may have changed since. */
  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(Path file, String text) {
      super(file.toUri(), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps the class files in memory. */
  private static final class Made extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

    Made(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          var output = new ByteArrayOutputStream();
          outputs.put(name, output);
          return output;
        }
      };
    }

    Map<String, byte[]> classes() {
      return outputs.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().toByteArray()));
    }
  }
}
