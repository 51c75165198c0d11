package io.streamer.local.live;

import io.streamer.handler.HandlerModule;
import io.streamer.shared.job.Catalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Serves what a folder holds: handler jars and single Java files. A file that is saved is served in
 * its new version; one that cannot be served is told, and its old version stays.
 */
public final class LiveHandlers implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 150;

  private final Path folder;
  private final List<HandlerModule> fixed;
  private final ClassLoader parent;
  private final Serving serving;
  private final Listener listener;
  private final Watched watched;
  private final Path copies;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("handlers").factory());

  /** The modules of each source that is served. */
  private NavigableMap<Path, List<HandlerModule>> sources = new TreeMap<>();

  /** Each source as it was read last, whether it is served or not. */
  private final Map<Path, String> texts = new HashMap<>();

  /** Sources that another one, or a handler of theirs, keeps from being served. */
  private final NavigableMap<Path, List<HandlerModule>> waiting = new TreeMap<>();

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
   * @param fixed the modules served already
   * @param parent has their classes
   */
  public LiveHandlers(
      Path folder,
      List<HandlerModule> fixed,
      ClassLoader parent,
      Serving serving,
      Listener listener) {
    this.folder = folder;
    this.fixed = List.copyOf(fixed);
    this.parent = parent;
    this.serving = serving;
    this.listener = listener;
    this.watched = new Watched(folder);
    this.jars = JarFiles.none(parent);
    try {
      this.copies = Files.createTempDirectory("streamer-handlers");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for copies of the jars", e);
    }
    look();
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
            this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      var found = watched.look();
      found.gone().forEach(this::gone);
      if (!found.jars().isEmpty()) {
        replace(found.jars());
      }
      found.saved().forEach(this::saved);
    } catch (RuntimeException e) {
      // the next save is another chance
      listener.errors.accept(folder + ": " + e);
    }
  }

  private void gone(Path source) {
    texts.remove(source);
    waiting.remove(source);
    if (sources.containsKey(source)) {
      var others = new TreeMap<>(sources);
      others.remove(source);
      serve("removed", jars, others, List.of(source));
      retry();
    }
  }

  private void saved(Path source) {
    try {
      var text = Files.readString(source);
      if (text.equals(texts.put(source, text))) {
        return;
      }
      waiting.remove(source);
      var modules = new SourceFile(source).load(text, new Compiler(jars.copies(), jars.loader()));
      serve(source, modules);
      retry();
    } catch (Unloadable e) {
      listener.errors.accept(e.getMessage());
    } catch (IOException e) {
      listener.errors.accept(source + ": cannot be read: " + e.getMessage());
    }
  }

  private void serve(Path source, List<HandlerModule> modules) {
    var next = new TreeMap<>(sources);
    var verb = next.put(source, modules) == null ? "added" : "reloaded";
    if (!serve(verb, jars, next, List.of(source))) {
      waiting.put(source, modules);
    }
  }

  /** What was in the way of a source may have gone. */
  private void retry() {
    var again = new TreeMap<>(waiting);
    waiting.clear();
    again.forEach(this::serve);
  }

  private void replace(List<Path> changed) {
    try {
      var next = JarFiles.load(folder, Files.createTempDirectory(copies, "jars"), parent);
      if (serve("reloaded", next, sources, changed)) {
        // a source may use classes of theirs
        var compiled = List.copyOf(texts.keySet());
        texts.clear();
        compiled.stream().filter(Files::exists).sorted().forEach(this::saved);
      }
    } catch (Unloadable e) {
      listener.errors.accept(e.getMessage());
    } catch (IOException e) {
      listener.errors.accept(folder + ": cannot be copied: " + e);
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
    var modules = new ArrayList<>(fixed);
    modules.addAll(nextJars.modules());
    nextSources.values().forEach(modules::addAll);
    var names =
        files.stream().map(Path::getFileName).map(Path::toString).collect(Collectors.joining(", "));
    try {
      var actions = serving.take(modules);
      jars = nextJars;
      sources = nextSources;
      changes.accept(
          actions.isEmpty()
              ? verb + ": " + names
              : "%s: %s (%s)".formatted(verb, String.join(", ", actions), names));
      return true;
    } catch (RuntimeException e) {
      listener.errors.accept(names + ": " + reason(e) + Lines.of(e));
      return false;
    }
  }

  /** Who registers a source is of no interest; what is wrong with it is below. */
  private static String reason(RuntimeException e) {
    return e.getCause() instanceof IllegalArgumentException cause
        ? String.valueOf(cause.getMessage())
        : String.valueOf(e.getMessage());
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
