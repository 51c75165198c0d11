package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The client for Go, with the module that it needs. */
record GoProject(Path folder) {
  private static final int OLDEST = 23;
  private static final Pattern VERSION = Pattern.compile("go version go1\\.(\\d+)");
  private static final String DRIVER = "target/driver";

  /**
   * The project, its driver built.
   *
   * <p>Skips the tests without a Go that is new enough, and, but in CI, without a proxy to fetch
   * its one module from.
   */
  static GoProject ready() {
    assumeGo();
    var project = new GoProject(LocalStage.home().resolve("clients/go"));
    Preparation.once(project.folder, "target", List.of(), project::build);
    return project;
  }

  private void build() {
    var fetched = run("mod", "download");
    if (System.getenv("CI") == null) {
      assumeTrue(
          !fetched.failed(),
          () -> "the client for Go is not tested: its module cannot be had\n" + fetched.output());
    }
    assertThat(fetched.exitCode()).as(fetched.output()).isZero();
    var built = run("build", "-o", DRIVER, "./conformance");
    assertThat(built.exitCode()).as(built.output()).isZero();
  }

  private static void assumeGo() {
    // away from the module, whose version would have an older Go fetch a newer one
    var found = ClientCommand.run(LocalStage.home(), List.of("go", "version"));
    assumeTrue(!found.failed(), "the client for Go is not tested: there is no Go on the PATH");
    var version = VERSION.matcher(found.output());
    assumeTrue(
        version.find() && Integer.parseInt(version.group(1)) >= OLDEST,
        () -> "the client for Go is not tested: older than 1." + OLDEST + ": " + found.output());
  }

  String driver() {
    return folder.resolve(DRIVER).toString();
  }

  /** Builds another of its programs. */
  String program(String name) {
    var file = folder.resolve("target/" + name);
    var built = run("build", "-o", file.toString(), "./" + name);
    assertThat(built.exitCode()).as(built.output()).isZero();
    return file.toString();
  }

  /** Runs the command go. */
  ClientCommand.Ran run(String... arguments) {
    var command = new ArrayList<>(List.of("go"));
    command.addAll(Arrays.asList(arguments));
    return ClientCommand.run(folder, command);
  }
}
