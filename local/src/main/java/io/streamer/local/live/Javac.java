package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
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

/** The JDK's compiler, in memory. */
final class Javac {
  private static final String RELEASE = "25";
  private static final int MOST_ERRORS = 20;

  /** The line of javac's own report that names what it threw. */
  private static final Pattern THROWN = Pattern.compile("(?m)^[\\w.$]+(Error|Exception)\\b.*");

  private Javac() {}

  /**
   * Compiles some files together.
   *
   * @param place told where no file is at fault
   * @param texts by file, as they were read: the files may have changed since
   * @return class files by their binary names
   * @throws Unloadable with {@code file:line: message} for each error, and the line itself with a
   *     caret under the place
   */
  static Map<String, byte[]> compile(Path place, Map<Path, String> texts, String classPath)
      throws Unloadable {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new Unloadable(place + ": this Java has no compiler; start with a JDK");
    }
    var found = new DiagnosticCollector<JavaFileObject>();
    var said = new StringWriter();
    var options =
        List.of(
            "--release", RELEASE, "-cp", classPath, "-proc:none", "-parameters", "-g", "-nowarn");
    var sources =
        texts.entrySet().stream().map(it -> new Text(it.getKey(), it.getValue())).toList();
    try (var files = compiler.getStandardFileManager(found, Locale.ROOT, UTF_8);
        var made = new Made(files)) {
      if (!compiler.getTask(said, made, found, options, null, sources).call()) {
        var errors = errors(place, found);
        throw new Unloadable(errors.isEmpty() ? gaveUp(place, said.toString()) : errors);
      }
      return made.classes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compile " + place, e);
    }
  }

  private static String errors(Path place, DiagnosticCollector<JavaFileObject> found) {
    return found.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .limit(MOST_ERRORS)
        .map(one -> told(place, one))
        .collect(Collectors.joining("\n"));
  }

  private static String told(Path place, Diagnostic<? extends JavaFileObject> one) {
    var message = one.getMessage(Locale.ROOT);
    return one.getSource() instanceof Text text && one.getLineNumber() != Diagnostic.NOPOS
        ? text.file + ":" + one.getLineNumber() + ": " + message + text.pointedAt(one.getPosition())
        : place + ": " + message;
  }

  /** On a text that nests too deep, say. */
  private static String gaveUp(Path place, String said) {
    var thrown = THROWN.matcher(said);
    return place + ": the compiler gave up: " + (thrown.find() ? thrown.group() : said.strip());
  }

  /** A source. */
  private static final class Text extends SimpleJavaFileObject {
    final Path file;
    private final String text;

    Text(Path file, String text) {
      super(file.toUri(), Kind.SOURCE);
      this.file = file;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    String pointedAt(long position) {
      return position < 0 || position > text.length() ? "" : Caret.below(text, (int) position);
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
