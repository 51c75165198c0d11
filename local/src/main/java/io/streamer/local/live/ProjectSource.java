package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Maven project. Maven says what it depends on, once and after each change of its POM. Its
 * classes are compiled here, which takes a fraction of Maven's time; where the POM asks for more
 * than javac, Maven does it.
 */
final class ProjectSource implements HandlerSource {
  static final String POM = "pom.xml";
  static final String LOADER = "project";

  /** What javac and a copy of the resources would not do. */
  private static final Pattern MORE_THAN_JAVAC =
      Pattern.compile(
          "annotationProcessor|<proc>|<compilerArg|<filtering>\\s*true|<sourceDirectory>|kotlin-"
              + "maven|generate-sources|process-classes|build-helper");

  private static final String SERVICES = "META-INF/services/io.streamer.handler.HandlerModule";

  private final Path folder;
  private final Consumer<String> says;
  private final Watched watched;
  private @Nullable ByteBuffer pom;
  private @Nullable MavenProject maven;

  /**
   * A project.
   *
   * @param says takes a line when something takes its time
   */
  ProjectSource(Path folder, Consumer<String> says) {
    this.folder = folder;
    this.says = says;
    this.watched = new Watched(() -> Stamp.ofProject(folder), _ -> true);
  }

  @Override
  public Watched.Changes look() {
    return watched.look();
  }

  @Override
  public void forget() {
    watched.forget();
  }

  @Override
  public JarFiles load(Path copies, ClassLoader parent, OurJars ours)
      throws Unloadable, IOException {
    var text = Files.readAllBytes(folder.resolve(POM));
    boolean plain = !MORE_THAN_JAVAC.matcher(new String(text, UTF_8)).find();
    var known = maven;
    if (known == null || !ByteBuffer.wrap(text).equals(pom)) {
      says.accept("asking Maven what " + folder + " depends on");
      known = MavenProject.read(folder, !plain);
      for (var jar : known.runtime()) {
        ours.refuseClash(jar);
      }
      maven = known;
      pom = ByteBuffer.wrap(text);
    } else if (!plain) {
      MavenProject.compile(folder);
    }
    if (plain) {
      compile(known, copies);
    } else {
      copy(folder.resolve("target/classes"), copies);
    }
    return served(known, copies, parent);
  }

  private void compile(MavenProject project, Path copies) throws Unloadable, IOException {
    copy(folder.resolve("src/main/resources"), copies);
    Map<Path, String> texts = new TreeMap<>();
    for (var file : files(folder.resolve("src/main/java"))) {
      if (Stamp.isSource(file)) {
        try {
          texts.put(file, Utf8Text.of(file, ByteBuffer.wrap(Files.readAllBytes(file))));
        } catch (NoSuchFileException _) {
          // gone since we looked
        }
      }
    }
    if (texts.isEmpty()) {
      throw new Unloadable(folder + ": there is no Java file in src/main/java");
    }
    var classPath =
        project.compile().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    for (var made : Javac.compile(folder, texts, classPath).entrySet()) {
      var file = copies.resolve(made.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, made.getValue());
    }
  }

  private JarFiles served(MavenProject project, Path classes, ClassLoader parent)
      throws Unloadable {
    var paths = new ArrayList<Path>();
    paths.add(classes);
    paths.addAll(project.runtime());
    var urls = new ArrayList<URL>();
    for (var path : paths) {
      urls.add(url(path));
    }
    var loader = new URLClassLoader(LOADER, urls.toArray(URL[]::new), parent);
    var modules = JarFiles.modulesOf(folder, loader);
    if (modules.isEmpty()) {
      throw new Unloadable(
          folder + ": no " + SERVICES + " in src/main/resources names a HandlerModule");
    }
    return new JarFiles(paths, loader, modules);
  }

  private static URL url(Path path) throws Unloadable {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new Unloadable(path + ": " + e.getMessage());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (var file : files(from)) {
      var copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
