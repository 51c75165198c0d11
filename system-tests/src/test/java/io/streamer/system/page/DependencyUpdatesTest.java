package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is asked weekly for newer versions of what the clients use. */
class DependencyUpdatesTest {
  private static final Path HOME = Path.of("..");

  /** Files that name dependencies, and what Dependabot calls their kind. */
  private static final Map<String, String> MANIFESTS =
      Map.of("package.json", "npm", "pyproject.toml", "pip", "go.mod", "gomod");

  /** One entry of the file: its kind, and its lines up to the next one. */
  private static final Pattern ENTRY =
      Pattern.compile("(?m)^  - package-ecosystem: (\\S+)\\n((?:    .*\\n)+)");

  @Test
  void eachClientsDependenciesAreAskedForEveryWeek() throws IOException {
    var entries = new TreeMap<String, String>();
    ENTRY
        .matcher(Files.readString(HOME.resolve(".github/dependabot.yml")))
        .results()
        .forEach(entry -> entries.put(entry.group(1), entry.group(2)));

    var clients = clients();
    assertThat(clients.values()).contains("npm", "pip", "gomod");
    clients.forEach((folder, kind) ->
        assertThat(entries.get(kind))
            .as("%s in %s", kind, folder)
            .isNotNull()
            .containsPattern("[ \"]" + Pattern.quote(folder) + "[\"\\n]")
            .contains("interval: weekly"));
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
