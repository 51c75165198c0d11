package io.streamer.cli;

import io.streamer.cli.init.Project;
import io.streamer.cli.option.HelpOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer init}; the launcher then installs what the project compiles against. */
@Command(
    name = "init",
    description = {
      "Makes a project for handlers of your own, of Maven unless said: one handler and its tests.",
      "What it compiles against is put into your local Maven repository, as by ./streamer install."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer init shop --package com.example.shop --dir ../shop")
final class Init implements Callable<Integer> {
  private final Path home;
  private final String jdk;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(
      paramLabel = "NAME",
      description = "The project's name: lower-case letters, digits and hyphens.")
  private String name = "";

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      description = "The Java package. Default: the name without its hyphens.")
  private Optional<String> inPackage = Optional.empty();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = {
        "The folder to make. Default: NAME, in the current folder, or beside Streamer's repository",
        "if the current folder is in it."
      })
  private Optional<Path> folder = Optional.empty();

  /** At most one of these. */
  static final class Kind {
    @Option(names = "--kotlin", description = "In Kotlin, built by Maven.")
    boolean kotlin;

    @Option(names = "--spring", description = "With handlers from a Spring context.")
    boolean spring;

    @Option(names = "--gradle", description = "Built by Gradle; dev serves its build/handlers.")
    boolean gradle;
  }

  @ArgGroup private Kind kind = new Kind();

  /**
   * The command.
   *
   * @param jdk the one that runs this, if Maven would take another
   */
  Init(Path home, String jdk) {
    this.home = home;
    this.jdk = jdk;
  }

  @Override
  public Integer call() {
    var project = project();
    project.make(layers(), version());
    var gradle = kind.gradle;
    var out = spec.commandLine().getOut();
    out.printf(
        """
        made %1$s
          test it   cd %1$s && %2$s%3$s
          run it    ./streamer dev %4$s
          ask it    ./streamer request greet --payload '{"names":["Ada"]}'
        """,
        shown(project.folder()),
        jdk.isEmpty() ? "" : "JAVA_HOME=" + shown(Path.of(jdk)) + " ",
        gradle ? "gradle build" : "mvn verify",
        shown(gradle ? project.folder().resolve("build/handlers") : project.folder()));
    out.flush();
    return ExitCode.OK;
  }

  private List<Path> layers() {
    var plain = home.resolve("template");
    var variants = home.resolve("template-variants");
    if (kind.kotlin) {
      return List.of(plain, variants.resolve("kotlin"));
    }
    if (kind.spring) {
      return List.of(plain, variants.resolve("spring"));
    }
    return kind.gradle ? List.of(plain, variants.resolve("gradle")) : List.of(plain);
  }

  private Project project() {
    try {
      return Project.of(name, inPackage, Optional.of(place(name)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** Where it is made: never within the repository, whose own it would seem. */
  Path place(String named) {
    var root = home.toAbsolutePath().normalize();
    var target = folder.orElse(Path.of(named)).toAbsolutePath().normalize();
    if (!target.startsWith(root)) {
      return folder.orElse(Path.of(named));
    }
    if (folder.isPresent()) {
      throw new IllegalArgumentException(
          folder.get() + " lies in Streamer's own repository; choose another folder with --dir");
    }
    return root.resolveSibling(named);
  }

  /** As a shell takes it. */
  private static String shown(Path path) {
    var text = path.toString();
    return text.matches("[\\w./+~-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String version() {
    var version = Init.class.getPackage().getImplementationVersion();
    // only a jar has one
    return version == null ? "0.1.0-SNAPSHOT" : version;
  }
}
