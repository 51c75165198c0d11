package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The client for Python, with an environment of its own for what it needs. */
record PythonProject(Path folder) {
  private static final String OLDEST = "3.10";
  private static final String ENVIRONMENT = "target/venv";

  /**
   * The project, with the packages that its list names.
   *
   * <p>Skips the tests without a Python that is new enough, and, but in CI, without a registry to
   * fetch the packages from.
   */
  static PythonProject ready() {
    var project = new PythonProject(LocalStage.home().resolve("clients/python"));
    var python = project.python();
    Preparation.once(project.folder, ENVIRONMENT, List.of(), () -> project.install(python));
    return project;
  }

  /** Runs one of the environment's programs. */
  ClientCommand.Ran run(String program, String... arguments) {
    return ClientCommand.run(folder, command(program, arguments));
  }

  List<String> command(String program, String... arguments) {
    var command =
        new ArrayList<>(List.of(folder.resolve(ENVIRONMENT + "/bin/" + program).toString()));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private String python() {
    var asked =
        "import sys; sys.exit(0 if sys.version_info >= (" + OLDEST.replace('.', ',') + ") else 1)";
    return List.of("python3", "python").stream()
        .filter(name -> !ClientCommand.run(folder, List.of(name, "-c", asked)).failed())
        .findFirst()
        .orElseGet(() -> {
          assumeTrue(
              false,
              "the client for Python is not tested: there is no Python " + OLDEST + " or newer");
          return "";
        });
  }

  /** Makes the environment, with what the list names. */
  private void install(String python) {
    var made = ClientCommand.run(folder, List.of(python, "-m", "venv", "--clear", ENVIRONMENT));
    assumeIt(made, "no environment can be made for it");
    assumeIt(
        run("python", "-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"),
        "pip cannot fetch what it needs");
  }

  private static void assumeIt(ClientCommand.Ran ran, String otherwise) {
    if (System.getenv("CI") == null) {
      assumeTrue(
          !ran.failed(),
          () -> "the client for Python is not tested: " + otherwise + "\n" + ran.output());
    }
    assertThat(ran.exitCode()).as(ran.output()).isZero();
  }
}
