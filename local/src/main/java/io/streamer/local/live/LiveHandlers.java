package io.streamer.local.live;

import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Thrown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Serves what a folder holds: handler jars and single Java files, or a Maven project. A file that
 * is saved is served in its new version; one that cannot be served is told, and its old version
 * stays.
 */
public final class LiveHandlers implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 150;
  private static final int MOST_NAMES = 5;

  /** Times, counts and hashes: each try may have others. */
  private static final Pattern NUMBERS = Pattern.compile("\\p{XDigit}*\\d\\p{XDigit}*");

  private final Path folder;
  private final HandlerSource origin;
  private final ClassLoader parent;
  private final OurJars ours;
  private final Serving serving;
  private final Listener listener;
  private final Path copies;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("handlers").factory());

  /** The modules of each source that is served. */
  private NavigableMap<Path, List<HandlerModule>> sources = new TreeMap<>();

  /** Each source as it was read last, whether it is served or not. */
  private final Map<Path, ByteBuffer> contents = new HashMap<>();

  /** What was told of a source, or of the folder, that is not served as it is now. */
  private final Map<Path, String> told = new HashMap<>();

  /** Sources that another one, or a handler of theirs, keeps from being served. */
  private final Set<Path> waiting = new TreeSet<>();

  private JarFiles jars;
  private Consumer<String> changes = _ -> {};

  /**
   * Who is told.
   *
   * @param changes takes a line such as {@code reloaded: greet (Greet.java)}
   * @param errors takes what keeps a file from being served, with file and line
   */
  public record Listener(Consumer<String> changes, Consumer<String> errors) {}

  /**
   * Serves what the folder holds now, beside what is served already.
   *
   * @param parent has their classes
   * @param ours the jars that are before the folder's wherever the handlers run
   */
  public LiveHandlers(
      Path folder, ClassLoader parent, List<Path> ours, Serving serving, Listener listener) {
    this.folder = folder;
    this.parent = parent;
    this.ours = new OurJars(ours);
    this.serving = serving;
    this.listener = listener;
    this.origin =
        isProject(folder) ? new ProjectSource(folder, listener.changes) : FolderSource.of(folder);
    this.jars = JarFiles.none(parent);
    try {
      this.copies = Files.createTempDirectory("streamer-handlers");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for copies of the jars", e);
    }
    look();
  }

  /** Whether a folder is a project, whose sources are served, and not one of jars and files. */
  public static boolean isProject(Path folder) {
    return Files.isRegularFile(folder.resolve(ProjectSource.POM));
  }

  /** The names of the files that are not served as they are now, and of all they keep away. */
  public synchronized List<String> unserved() {
    return told.keySet().stream()
        .map(what -> what.equals(folder) ? what.toString() : what.getFileName().toString())
        .sorted()
        .toList();
  }

  /** Whether nothing was found that could be served. */
  public synchronized boolean isEmpty() {
    return contents.isEmpty() && jars.copies().isEmpty() && told.isEmpty();
  }

  /** Where the folder's jars have their classes now. */
  public ClassLoader loader() {
    return jars.loader();
  }

  /**
   * Follows the folder from now on, and tells of its changes.
   *
   * @param gateway hands the gateway another catalogue and returns when it is served
   */
  public void follow(Consumer<Catalogue> gateway) {
    serving.gatewayBy(gateway);
    changes = listener.changes;
    var _ =
        looking.scheduleWithFixedDelay(
            this::follow, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** Reads all anew at the next look, as if everything had been saved just now. */
  public synchronized void reload() {
    contents.clear();
    told.clear();
    origin.forget();
  }

  private void follow() {
    try {
      look();
    } catch (Throwable e) {
      // whatever it is: the next save is another chance
      listener.errors.accept(folder + ": " + e.getClass().getName());
    }
  }

  private synchronized void look() {
    var found = origin.look();
    found.gone().forEach(source -> attempt(source, () -> gone(source)));
    if (!found.common().isEmpty()) {
      attempt(folder, () -> replace(found.common()));
    }
    found.saved().forEach(source -> attempt(source, () -> saved(source)));
  }

  /** Something with a source or, of all jars, with the folder. */
  private interface Attempt {
    void run() throws Unloadable, IOException;
  }

  /** A file's trouble is its own: whatever is thrown, the others are served. */
  private void attempt(Path what, Attempt attempt) {
    // a flag that a handler's constructor has left set would fail what reads a file
    var _ = Thread.interrupted();
    try {
      attempt.run();
    } catch (Unloadable e) {
      tell(what, e.getMessage() + (isServed(what) ? "\n  the version before is still served" : ""));
    } catch (NoSuchFileException _) {
      // gone since we looked: the next look sees that
    } catch (IOException e) {
      var trouble = what.equals(folder) ? ": its jars cannot be copied: " : ": cannot be read: ";
      tell(what, what + trouble + reason(e));
    } catch (Throwable e) {
      tell(what, what + ": " + Thrown.told(e) + Lines.of(e));
    } finally {
      var _ = Thread.interrupted();
    }
  }

  private boolean isServed(Path what) {
    return what.equals(folder) ? !jars.copies().isEmpty() : sources.containsKey(what);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> e.toString();
    };
  }

  /** Once, until it changes: another file's save is no news of this one. */
  private void tell(Path what, String error) {
    var kind = NUMBERS.matcher(error).replaceAll("0");
    if (!kind.equals(told.put(what, kind))) {
      listener.errors.accept(error);
    }
  }

  private void gone(Path source) {
    contents.remove(source);
    told.remove(source);
    waiting.remove(source);
    if (sources.containsKey(source)) {
      var others = new TreeMap<>(sources);
      others.remove(source);
      serve("removed", jars, others, List.of(source));
      retry();
    }
  }

  private void saved(Path source) throws Unloadable, IOException {
    var content = ByteBuffer.wrap(Files.readAllBytes(source));
    if (content.equals(contents.put(source, content))) {
      return;
    }
    told.remove(source);
    compile(source, content);
    retry();
  }

  private void compile(Path source, ByteBuffer content) throws Unloadable {
    waiting.remove(source);
    var text = Utf8Text.of(source, content);
    serve(source, new SourceFile(source).load(text, new Compiler(jars.copies(), jars.loader())));
  }

  private void serve(Path source, List<HandlerModule> modules) {
    var next = new TreeMap<>(sources);
    var verb = next.put(source, modules) == null ? "added" : "reloaded";
    if (!serve(verb, jars, next, List.of(source))) {
      waiting.add(source);
    }
  }

  /**
   * What was in the way of a source may have gone. It is compiled again: a class that could not be
   * initialised never will be.
   */
  private void retry() {
    List.copyOf(waiting).forEach(this::again);
  }

  private void again(Path source) {
    var content = contents.get(source);
    if (content != null) {
      attempt(source, () -> compile(source, content));
    }
  }

  private void replace(List<Path> changed) throws Unloadable, IOException {
    told.remove(folder);
    var next = origin.load(Files.createTempDirectory(copies, "jars"), parent, ours);
    if (serve("reloaded", next, sources, changed)) {
      // a source may use classes of theirs
      contents.keySet().stream().sorted().toList().forEach(this::again);
      retry();
    }
  }

  /**
   * @return whether it is served now; if not, it was told why
   */
  private boolean serve(
      String verb,
      JarFiles nextJars,
      NavigableMap<Path, List<HandlerModule>> nextSources,
      List<Path> files) {
    var modules = new ArrayList<>(nextJars.modules());
    nextSources.values().forEach(modules::addAll);
    var names = names(files);
    try {
      var actions = serving.take(modules);
      jars = nextJars;
      sources = nextSources;
      changes.accept(
          actions.isEmpty()
              ? verb + ": " + names
              : "%s: %s (%s)".formatted(verb, String.join(", ", actions), names));
      files.forEach(told::remove);
      return true;
    } catch (Throwable e) {
      tell(
          nextJars.equals(jars) ? files.getFirst() : folder,
          names + ": " + reason(e) + Lines.of(e));
      return false;
    }
  }

  private static String names(List<Path> files) {
    var first =
        files.stream()
            .limit(MOST_NAMES)
            .map(Path::getFileName)
            .map(Path::toString)
            .collect(Collectors.joining(", "));
    return files.size() > MOST_NAMES
        ? first + " and " + (files.size() - MOST_NAMES) + " more"
        : first;
  }

  /** Who registers a source is of no interest; what is wrong with it is below. */
  private static String reason(Throwable e) {
    if (e.getCause() instanceof IllegalArgumentException cause) {
      return String.valueOf(cause.getMessage());
    }
    // ours, with what was thrown in it
    return e instanceof IllegalStateException ? String.valueOf(e.getMessage()) : Thrown.told(e);
  }

  /** Follows the folder no longer; what is served goes on. */
  @Override
  public void close() throws IOException {
    looking.close();
    try (var files = Files.walk(copies)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
