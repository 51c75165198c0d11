package io.streamer.cli.build;

import io.streamer.shared.action.HandlerFolder;
import io.streamer.shared.action.OwnLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is deployed: {@code worker.zip} and the folder {@code gateway}, with the users' jars. */
public final class Distribution {
  private static final String DEMO = "streamer-demo-";

  private final Path home;
  private final Consumer<String> progress;

  /**
   * What was made.
   *
   * @param bytes of the file, or of all files in the folder
   */
  public record Artefact(String name, Path path, long bytes) {}

  /** Jars to be packed: those of the users' folder, and the demo's. */
  private record Chosen(List<HandlerJar> jars, boolean demo) {
    Stream<Path> beside(OwnJars own) {
      return jars.stream().filter(jar -> !own.hold(jar.library())).map(HandlerJar::path);
    }
  }

  /**
   * Packs for the repository.
   *
   * @param progress takes a line before each long step
   */
  public Distribution(Path home, Consumer<String> progress) {
    this.home = home;
    this.progress = progress;
  }

  /**
   * Makes both; what stood there before is replaced once the new one is whole.
   *
   * @param settings what modules may ask for while they register
   * @throws Refused if the jars cannot be packed
   * @throws io.streamer.shared.settings.SettingsException if the folder cannot be used
   */
  public List<Artefact> make(
      Optional<Path> handlers, boolean demo, Path output, Map<String, String> settings)
      throws IOException {
    var chosen = new Chosen(chosen(handlers, demo), demo);
    var gateway = output.resolve("gateway");
    refuseForeign(gateway);
    Files.createDirectories(output);
    var staging = Files.createTempDirectory(output, ".streamer-build");
    try {
      progress.accept("unpacking our jars and comparing yours with them");
      var worker =
          OwnJars.unpack(
              home.resolve("worker-lambda/target/worker.zip"), staging.resolve("worker"));
      var front =
          OwnJars.unpack(home.resolve("gateway/target/gateway.zip"), staging.resolve("front"));
      refuseClashes(chosen.jars(), List.of(worker, front));
      tryOut(chosen, worker, settings);

      progress.accept("packing the worker");
      var zip = staging.resolve("worker.zip");
      Archive.zip(Stream.concat(worker.files().stream(), chosen.beside(worker)), zip);
      progress.accept("packing the gateway");
      var folder = staging.resolve("gateway");
      Archive.copy(front.files().stream(), folder.resolve("lib"));
      Archive.copy(chosen.beside(front), folder.resolve("handlers"));

      var target = output.resolve("worker.zip");
      Files.move(zip, target, StandardCopyOption.REPLACE_EXISTING);
      ScratchFolder.delete(gateway);
      Files.move(folder, gateway);
      return List.of(
          new Artefact("worker", target, Files.size(target)),
          new Artefact("gateway", gateway, bytes(gateway)));
    } finally {
      ScratchFolder.delete(staging);
    }
  }

  private List<HandlerJar> chosen(Optional<Path> handlers, boolean demo) throws IOException {
    var jars = new ArrayList<HandlerJar>();
    if (handlers.isPresent()) {
      var folder = handlers.get();
      for (var jar : HandlerFolder.jars(folder)) {
        jars.add(HandlerJar.read(jar));
      }
      if (jars.isEmpty()) {
        throw new Refused("there is no jar in " + folder + "; put your handler jar there");
      }
      if (jars.stream().noneMatch(HandlerJar::serves)) {
        throw new Refused(
            "no jar in %s has handlers (%s); add %s to yours, with the name of your HandlerModule class in it"
                .formatted(
                    folder,
                    String.join(", ", jars.stream().map(HandlerJar::name).toList()),
                    HandlerJar.SERVICE));
      }
    }
    if (demo && jars.stream().noneMatch(jar -> jar.name().startsWith(DEMO))) {
      for (var jar : demoJars()) {
        var read = HandlerJar.read(jar);
        // the user's folder may hold the same library, and its version counts
        if (jars.stream().noneMatch(other -> other.library().sameAs(read.library()))) {
          jars.add(read);
        }
      }
    }
    return jars;
  }

  private List<Path> demoJars() throws IOException {
    var jars =
        new ArrayList<>(
            Archive.jars(home.resolve("cli/target/lib")).stream()
                .filter(jar -> jar.getFileName().toString().startsWith(DEMO))
                .toList());
    if (jars.isEmpty()) {
      throw new Refused("the demo's jar is missing; run ./streamer build again");
    }
    jars.addAll(Archive.jars(home.resolve("demo/target/lib")));
    return jars;
  }

  private static void refuseClashes(List<HandlerJar> jars, List<OwnJars> processes)
      throws IOException {
    var files = new ArrayList<Path>();
    for (var own : processes) {
      files.addAll(own.files());
    }
    var ours = OwnLibraries.of(files);
    for (var jar : jars) {
      ours.clash(jar.path(), jar.library())
          .ifPresent(words -> {
            throw new Refused(words);
          });
    }
  }

  private void tryOut(Chosen chosen, OwnJars worker, Map<String, String> settings)
      throws IOException {
    progress.accept("registering the handlers");
    var given = new HashMap<>(settings);
    if (chosen.demo()) {
      given.put("STREAMER_DEMO", "true");
    }
    var classPath = Stream.concat(worker.files().stream(), chosen.beside(worker)).toList();
    var actions = Trial.run(classPath, chosen.jars(), given);
    Trial.refuseForgotten(chosen.jars(), new HashSet<>(actions.values()));
    progress.accept(
        actions.isEmpty()
            ? "no module registers a handler with the settings of this command's environment"
            : "actions: " + String.join(", ", actions.keySet()));
  }

  /** The folder is replaced as a whole, so it must be one of ours. */
  private static void refuseForeign(Path gateway) throws IOException {
    if (!Files.exists(gateway)) {
      return;
    }
    var lib = gateway.resolve("lib");
    if (!Files.isDirectory(lib)
        || Archive.jars(lib).stream()
            .noneMatch(jar -> jar.getFileName().toString().startsWith("streamer-gateway"))) {
      throw new Refused(
          gateway + " was not made by ./streamer build; name another folder with --output");
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
