package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the branch that is merged into, as GitHub takes them. */
class RulesetTest {
  private static final Path GITHUB = Path.of("../.github");

  /** A job up to the next one; its name is what a rule knows it by, unless it has a matrix. */
  private static final Pattern JOB = Pattern.compile("(?m)^  ([a-z]+):\\n((?:    .*\\n|\\s*\\n)+)");

  /** A job that never runs on a pull request would be waited for without end. */
  @Test
  void eachJobThatHasToBeWellRunsOnPullRequests() throws IOException {
    var asked = new ArrayList<String>();
    for (var rule :
        new JsonObject(Files.readString(GITHUB.resolve("rulesets/main.json")))
            .getJsonArray("rules")) {
      var parameters = ((JsonObject) rule).getJsonObject("parameters", new JsonObject());
      for (var check : parameters.getJsonArray("required_status_checks", new JsonArray())) {
        asked.add(((JsonObject) check).getString("context"));
      }
    }
    assertThat(asked).contains("test", "terraform");
    assertThat(jobsOfPullRequests()).containsAll(asked);
  }

  private static List<String> jobsOfPullRequests() throws IOException {
    var names = new ArrayList<String>();
    try (var files = Files.list(GITHUB.resolve("workflows"))) {
      for (var file : files.toList()) {
        var text = Files.readString(file);
        int jobs = text.indexOf("\njobs:\n");
        if (text.substring(0, jobs).contains("\n  pull_request:")) {
          JOB.matcher(text.substring(jobs))
              .results()
              .filter(job -> !job.group(2).contains(" matrix:"))
              .forEach(job -> names.add(job.group(1)));
        }
      }
    }
    return names;
  }
}
