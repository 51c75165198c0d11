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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the branch that is merged into, as GitHub takes them. */
class RulesetTest {
  private static final Path GITHUB = Path.of("../.github");
  private static final String JOBS = "\njobs:\n";

  /** A job up to the next one; its name is what a rule knows it by, unless it has a matrix. */
  private static final Pattern JOB = Pattern.compile("(?m)^  ([a-z]+):\\n((?:    .*\\n|\\s*\\n)+)");

  /** A job that never runs on a pull request would be waited for without end. */
  @Test
  void eachJobThatHasToBeWellRunsOnPullRequests() throws IOException {
    var asked = asked("required_status_checks").map(check -> check.getString("context")).toList();
    assertThat(asked).contains("test", "terraform");
    assertThat(jobsOfPullRequests()).containsAll(asked);
  }

  /** A finding that blocks nothing is read by nobody; a tool that does not run is waited for. */
  @Test
  void whatCodeScanningFindsKeepsAPullRequestBack() throws IOException {
    assertThat(asked("code_scanning_tools"))
        .singleElement()
        .isEqualTo(
            new JsonObject()
                .put("tool", "CodeQL")
                .put("alerts_threshold", "errors")
                .put("security_alerts_threshold", "high_or_higher"));
    assertThat(workflowsOfPullRequests())
        .filteredOn(text -> text.contains("uses: github/codeql-action/analyze@"))
        .hasSize(1);
  }

  /** What the rules list under a parameter's name. */
  private static Stream<JsonObject> asked(String parameter) throws IOException {
    return new JsonObject(Files.readString(GITHUB.resolve("rulesets/main.json")))
        .getJsonArray("rules").stream()
            .map(rule -> ((JsonObject) rule).getJsonObject("parameters", new JsonObject()))
            .flatMap(parameters -> parameters.getJsonArray(parameter, new JsonArray()).stream())
            .map(JsonObject.class::cast);
  }

  private static List<String> jobsOfPullRequests() throws IOException {
    var names = new ArrayList<String>();
    for (var text : workflowsOfPullRequests()) {
      JOB.matcher(text.substring(text.indexOf(JOBS)))
          .results()
          .filter(job -> !job.group(2).contains(" matrix:"))
          .forEach(job -> names.add(job.group(1)));
    }
    return names;
  }

  private static List<String> workflowsOfPullRequests() throws IOException {
    var texts = new ArrayList<String>();
    try (var files = Files.list(GITHUB.resolve("workflows"))) {
      for (var file : files.toList()) {
        var text = Files.readString(file);
        if (text.substring(0, text.indexOf(JOBS)).contains("\n  pull_request:")) {
          texts.add(text);
        }
      }
    }
    return texts;
  }
}
