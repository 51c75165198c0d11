package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Maven says of a project.
 *
 * @param compile jars that it is compiled against
 * @param runtime jars that it brings along
 */
record MavenProject(List<Path> compile, List<Path> runtime) {
  private static final Pattern DEPENDENCY =
      Pattern.compile("\\s+[^:\\s]+:.*:(compile|provided|runtime|system|test):(.+?\\.jar)( .*)?");
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  /** Maven's words for an artefact that is nowhere, now or when it was last asked for. */
  private static final Pattern MISSING =
      Pattern.compile("io\\.streamer:streamer-\\S+ was not found|artifact io\\.streamer:streamer-");

  private static final int MOST_LINES = 20;

  /**
   * Asks Maven.
   *
   * @param compiling whether it is to compile the project, too
   * @throws Unloadable with what Maven says if it fails
   */
  static MavenProject read(Path folder, boolean compiling) throws Unloadable, IOException {
    var list = Files.createTempFile("streamer-dependencies", ".txt");
    try {
      var goals = new ArrayList<String>();
      if (compiling) {
        goals.add("compile");
      }
      goals.add("dependency:list");
      goals.add("-DoutputAbsoluteArtifactFilename=true");
      goals.add("-DoutputFile=" + list);
      run(folder, goals);
      return of(Files.readString(list));
    } finally {
      Files.deleteIfExists(list);
    }
  }

  /** Has Maven compile it. */
  static void compile(Path folder) throws Unloadable, IOException {
    run(folder, List.of("compile"));
  }

  /** Reads what {@code dependency:list} has written. */
  static MavenProject of(String list) {
    var compile = new ArrayList<Path>();
    var runtime = new ArrayList<Path>();
    for (var line : COLOUR.matcher(list).replaceAll("").lines().toList()) {
      var dependency = DEPENDENCY.matcher(line);
      if (dependency.matches()) {
        var jar = Path.of(dependency.group(2));
        switch (dependency.group(1)) {
          case "compile" -> {
            compile.add(jar);
            runtime.add(jar);
          }
          case "provided", "system" -> compile.add(jar);
          case "runtime" -> runtime.add(jar);
          default -> {}
        }
      }
    }
    return new MavenProject(List.copyOf(compile), List.copyOf(runtime));
  }

  private static void run(Path folder, List<String> goals) throws Unloadable, IOException {
    var command = new ArrayList<String>();
    var wrapper = folder.toAbsolutePath().normalize().resolve("mvnw");
    command.add(Files.isExecutable(wrapper) ? wrapper.toString() : "mvn");
    command.addAll(List.of("-q", "-B", "-ntp"));
    command.addAll(goals);
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    // whatever java is on the path: the project is served by this one
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = started(folder, builder);
    try {
      var said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new Unloadable(folder + ": Maven fails:\n" + errors(said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Maven ran", e);
    } finally {
      process.destroy();
    }
  }

  private static Process started(Path folder, ProcessBuilder builder) throws Unloadable {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new Unloadable(folder + ": Maven cannot be started: " + e.getMessage());
    }
  }

  /** What is wrong, without Maven's advice on how to ask again. */
  private static String errors(String said) {
    var errors =
        said.lines()
            .takeWhile(line -> !line.contains("-> [Help 1]"))
            .filter(line -> line.startsWith("[ERROR]") && line.length() > "[ERROR] ".length())
            .limit(MOST_LINES)
            .map(line -> "  " + line.substring("[ERROR] ".length()))
            .collect(Collectors.joining("\n"));
    var told =
        errors.isEmpty()
            ? said.lines().limit(MOST_LINES).collect(Collectors.joining("\n"))
            : errors;
    return MISSING.matcher(said).find()
        ? told + "\n  ./streamer install puts Streamer's own artefacts where Maven finds them"
        : told;
  }
}
