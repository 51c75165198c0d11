package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder that Node builds: one of those below {@code clients}, or an example's page. */
record NodeProject(Path folder) {
  private static final int OLDEST = 20;

  /**
   * A project with what it needs, built.
   *
   * <p>Skips the tests without Node, and, but in CI, without a registry to fetch its development
   * packages from.
   */
  static NodeProject built(String name) {
    assumeNode();
    var clients = LocalStage.home().resolve("clients");
    var project = new NodeProject(clients.resolve(name));
    // the hooks are made from the client, too
    Preparation.once(project.folder, "dist", List.of(clients.resolve("js")), project::build);
    return project;
  }

  /**
   * Builds a page of Vite's into a folder, with the clients that it links to; skips as {@link
   * #built} does.
   */
  static void page(Path folder, Path into) {
    built("js");
    built("react");
    var page = new NodeProject(folder);
    page.fetch();
    var ran = page.run("node_modules/.bin/vite", "build", "--outDir", into.toString());
    assertThat(ran.exitCode()).as(ran.output()).isZero();
  }

  private static void assumeNode() {
    var found = ClientCommand.run(LocalStage.home(), List.of("node", "--version"));
    var npm = ClientCommand.run(LocalStage.home(), List.of("npm", "--version"));
    assumeTrue(
        found.exitCode() == 0 && npm.exitCode() == 0,
        "the clients for JavaScript are not tested: there is no Node with npm on the PATH");
    var version = found.output().strip().substring(1);
    assumeTrue(
        Integer.parseInt(version.substring(0, version.indexOf('.'))) >= OLDEST,
        "the clients for JavaScript are not tested: Node " + version + " is older than " + OLDEST);
  }

  private void build() {
    fetch();
    var built = run("node", "build.mjs");
    assertThat(built.exitCode()).as(built.output()).isZero();
  }

  /** Fetches what the lock file names, unless that is what is there. */
  private void fetch() {
    try {
      var wanted = Files.readString(folder.resolve("package-lock.json"));
      var stamp = folder.resolve("node_modules/.installed");
      if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
        install();
        Files.writeString(stamp, wanted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void install() {
    var ran = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
    if (System.getenv("CI") == null) {
      assumeTrue(
          ran.exitCode() == 0
              || !ran.output().matches("(?s).*(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT).*"),
          () -> "the clients for JavaScript are not tested: npm cannot fetch\n" + ran.output());
    }
    assertThat(ran.exitCode()).as(ran.output()).isZero();
  }

  /** One of its files. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Runs its own tests. */
  ClientCommand.Ran test() throws IOException {
    var command = new ArrayList<>(List.of("node", "--test", "--test-reporter=spec"));
    try (var files = Files.list(folder.resolve("test"))) {
      files
          .map(Path::toString)
          .filter(name -> name.endsWith(".test.mjs"))
          .sorted()
          .forEach(command::add);
    }
    return ClientCommand.run(folder, command);
  }

  ClientCommand.Ran run(String... command) {
    return ClientCommand.run(folder, List.of(command));
  }
}
