package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is asked weekly for newer versions of what clients, templates and examples use. */
class DependencyUpdatesTest {
  private static final Path HOME = Path.of("..");

  /** Files that name dependencies, and what Dependabot calls their kind. */
  private static final Map<String, String> MANIFESTS =
      Map.of("package.json", "npm", "pyproject.toml", "pip", "go.mod", "gomod");

  /** One entry of the file: its kind, and its lines up to the next one. */
  private static final Pattern ENTRY =
      Pattern.compile("(?m)^  - package-ecosystem: (\\S+)\\n((?:    .*\\n)+)");

  /** A dependency in a file of Gradle's. */
  private static final Pattern COORDINATES = Pattern.compile("\"([\\w.-]+):([\\w.-]+):([\\d.]+)\"");

  /** A project's own Kotlin; the POM's is what OkHttp and Okio share. */
  private static final String KOTLIN = "org.jetbrains.kotlin:";

  @Test
  void eachClientsDependenciesAreAskedForEveryWeek() throws IOException {
    var entries = entries();
    var clients = clients();
    assertThat(clients.values()).contains("npm", "pip", "gomod");
    clients.forEach((folder, kind) ->
        assertThat(entries.get(kind))
            .as("%s in %s", kind, folder)
            .isNotNull()
            .containsPattern("[ \"]" + Pattern.quote(folder) + "[\"\\n]")
            .contains("interval: weekly"));
  }

  @Test
  void eachTemplateAndExampleIsAskedForEveryWeek() throws IOException {
    var entries = entries();
    for (var project : projects()) {
      var kind = Files.exists(HOME.resolve(project).resolve("pom.xml")) ? "maven" : "gradle";
      var example = project.startsWith("examples/");
      assertThat(entries.get(kind))
          .as("%s in %s", kind, project)
          .isNotNull()
          .containsPattern("[ \"]/" + (example ? "examples/\\*" : project) + "[\"\n]")
          .contains("interval: weekly");
    }
  }

  /** A new version in the POM is one in all of them: what a project starts with is what we test. */
  @ParameterizedTest
  @MethodSource("projects")
  void aProjectsVersionsAreThePoms(String project) throws Exception {
    var ours = versions(HOME.resolve("pom.xml"));
    ours.put("org.junit.jupiter:junit-jupiter", ours.get("org.junit:junit-bom"));
    ours.put("org.junit.platform:junit-platform-launcher", ours.get("org.junit:junit-bom"));
    var theirs = versions(HOME.resolve(project));
    theirs.keySet().removeIf(name -> name.startsWith(KOTLIN));
    theirs.keySet().retainAll(ours.keySet());
    assertThat(theirs).containsKeys("org.slf4j:slf4j-simple", "org.junit.jupiter:junit-jupiter");
    assertThat(ours).containsAllEntriesOf(theirs);
  }

  /** What is made by init, and the examples: folders that are no modules of the POM. */
  static List<String> projects() throws IOException {
    var found = new ArrayList<>(List.of("template"));
    for (var above : List.of("template-variants", "examples")) {
      try (var listed = Files.list(HOME.resolve(above))) {
        listed
            .filter(Files::isDirectory)
            .map(folder -> above + "/" + folder.getFileName())
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }

  private static Map<String, String> entries() throws IOException {
    var entries = new TreeMap<String, String>();
    ENTRY
        .matcher(Files.readString(HOME.resolve(".github/dependabot.yml")))
        .results()
        .forEach(entry -> entries.put(entry.group(1), entry.group(2)));
    return entries;
  }

  /** By {@code group:artifact}: the versions that a POM names, or a folder's POM or build file. */
  private static Map<String, String> versions(Path where) throws Exception {
    var found = new TreeMap<String, String>();
    var gradle = where.resolve("build.gradle.kts");
    if (Files.exists(gradle)) {
      COORDINATES
          .matcher(Files.readString(gradle))
          .results()
          .forEach(it -> found.put(it.group(1) + ":" + it.group(2), it.group(3)));
      return found;
    }
    var pom = Files.isDirectory(where) ? where.resolve("pom.xml") : where;
    var document =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(pom.toFile());
    for (var kind : List.of("dependency", "plugin")) {
      for (var element : elements(document.getElementsByTagName(kind))) {
        var version = child(element, "version");
        if (version.isPresent()) {
          var group = child(element, "groupId").orElse("org.apache.maven.plugins");
          found.put(
              group + ":" + child(element, "artifactId").orElseThrow(),
              resolved(version.get(), document));
        }
      }
    }
    return found;
  }

  private static String resolved(String version, Document pom) {
    return version.startsWith("${") && !version.startsWith("${project.")
        ? pom.getElementsByTagName(version.substring(2, version.length() - 1))
            .item(0)
            .getTextContent()
        : version;
  }

  private static Optional<String> child(Element element, String name) {
    return elements(element.getElementsByTagName(name)).stream()
        .filter(it -> it.getParentNode().equals(element))
        .map(Element::getTextContent)
        .findFirst();
  }

  private static List<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  /** Folders of clients that have dependencies of their own, with their kind; Maven's are one. */
  private static Map<String, String> clients() throws IOException {
    var found = new TreeMap<String, String>();
    var folders = new ArrayList<Path>();
    try (var listed = Files.list(HOME.resolve("clients"))) {
      listed.filter(Files::isDirectory).forEach(folders::add);
    }
    for (var folder : folders) {
      MANIFESTS.forEach((file, kind) -> {
        if (Files.exists(folder.resolve(file))) {
          found.put("/clients/" + folder.getFileName(), kind);
        }
      });
    }
    return found;
  }
}
