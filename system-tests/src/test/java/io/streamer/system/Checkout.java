package io.streamer.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A copy of the repository that takes what was compiled as it is, for projects outside of it.
 *
 * @param home the copy, with all that {@code ./streamer install} needs
 * @param tools a folder with a {@code mvn} that keeps off the user's own repository, and finds
 *     there what this build has fetched
 * @param repository the local Maven repository of that {@code mvn}
 */
record Checkout(Path home, Path tools, Path repository) {
  private static final List<String> COPIED =
      List.of(
          "pom.xml",
          "streamer",
          ".ci",
          ".mvn",
          "template",
          "template-variants",
          "bom",
          "protocol",
          "handler");

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  /** Makes one in an empty folder. */
  static Checkout in(Path folder) throws IOException {
    var repository = folder.resolve("repository");
    return new Checkout(checkout(folder), maven(folder, repository), repository);
  }

  /** A command in the copy, with this JVM's JDK and the copy's own {@code mvn}. */
  ProcessBuilder command(String... command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("IN_STREAMER_TEST", "yes");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    return builder;
  }

  /** The files that init needs, and links to what has been built. */
  private static Path checkout(Path folder) throws IOException {
    var from = LocalStage.home();
    var home = Files.createDirectories(folder.resolve("streamer"));
    for (var name : COPIED) {
      copy(from.resolve(name), home.resolve(name));
    }
    for (var name : List.of("shared", "handler-test")) {
      copy(from.resolve(name), home.resolve(name));
    }
    // what a test of the stage needs, compiled as it is
    for (var name :
        List.of(
            "gateway",
            "worker-lambda",
            "emulator",
            "local",
            "stage-test",
            "clients/java",
            "clients/java-okhttp")) {
      copy(from.resolve(name).resolve("pom.xml"), home.resolve(name).resolve("pom.xml"));
      for (var part : List.of("target/classes", "src/main/assembly")) {
        if (Files.exists(from.resolve(name).resolve(part))) {
          copy(from.resolve(name).resolve(part), home.resolve(name).resolve(part));
        }
      }
    }
    // Maven wants every module's pom
    var modules = MODULE.matcher(Files.readString(from.resolve("pom.xml"))).results();
    for (var module : modules.map(found -> found.group(1)).toList()) {
      var pom = home.resolve(module).resolve("pom.xml");
      if (Files.notExists(pom)) {
        copy(from.resolve(module).resolve("pom.xml"), pom);
      }
    }
    link(from, home, "cli/target");
    for (var zip : List.of("gateway/target/gateway.zip", "worker-lambda/target/worker.zip")) {
      copy(from.resolve(zip), home.resolve(zip));
    }
    link(from, home, "demo/target");
    link(from, home, "local/dynamodb-local/target");
    return home;
  }

  private static void link(Path from, Path home, String name) throws IOException {
    Files.createSymbolicLink(home.resolve(name), from.resolve(name));
  }

  /** Copies what somebody wrote or compiled, and no tests. */
  static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var path = from.relativize(file).toString();
        if (!path.contains("test-classes") && !path.contains("maven-status")) {
          var copy = path.isEmpty() ? to : to.resolve(path);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** A folder with a mvn that keeps off the user's own repository. */
  static Path maven(Path folder, Path repository) throws IOException {
    var settings =
        Files.writeString(
            folder.resolve("settings.xml"),
            """
            <settings>
              <profiles>
                <profile>
                  <id>fetched</id>
                  <repositories><repository>%1$s</repository></repositories>
                  <pluginRepositories><pluginRepository>%1$s</pluginRepository></pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles><activeProfile>fetched</activeProfile></activeProfiles>
            </settings>
            """
                .formatted(
                    """
                    <id>fetched</id><url>%s</url><snapshots><enabled>false</enabled></snapshots>
                    <releases><checksumPolicy>ignore</checksumPolicy></releases>
                    """
                        .formatted(
                            Path.of(System.getProperty("streamer.maven.repository")).toUri())));
    var tools = Files.createDirectories(folder.resolve("tools"));
    var script =
        Files.writeString(
            tools.resolve("mvn"),
            """
            #!/bin/sh
            # our own modules are compiled already, the newcomer's are not
            case " $* " in *" install "*) set -- -Dmaven.main.skip=true "$@" ;; esac
            # Kotlin's compiler would go on as a process of its own, for hours
            exec '%s' -gs '%s' -Dmaven.repo.local='%s' -Dkotlin.compiler.daemon=false "$@"
            """
                .formatted(realMaven(), settings, repository));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return tools;
  }

  private static Path realMaven() {
    for (var path : System.getenv("PATH").split(":", -1)) {
      var mvn = Path.of(path, "mvn");
      if (Files.isExecutable(mvn)) {
        return mvn;
      }
    }
    throw new AssertionError("this build was started without mvn on the PATH");
  }
}
