package io.streamer.emulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.fault.FaultRule.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "faults");

  @Test
  void aPlanIsReadAsItIsWritten() {
    var plan =
        PlanFile.read(
            "faults.json",
            """
            {"seed": 42, "rules": [
              {"at": "dynamodb", "do": "pause", "time": "5s", "operation": "PutItem",
               "table": "jobs", "from": "worker", "nth": 3},
              {"at": "dynamodb", "do": "throttle", "from": "any", "chance": 0.5, "times": 2},
              {"at": "invoke", "do": "lose", "function": "streamer-job", "every": 4},
              {"at": "push", "do": "status", "status": 410, "door": "api_gateway",
               "after": "1m", "for": "250ms"},
              {"at": "socket", "do": "cut"},
              {"at": "worker", "do": "kill", "moment": "before", "table": "job_data"}
            ]}
            """);
    assertThat(plan)
        .isEqualTo(
            FaultPlan.of(
                42,
                FaultRule.store(
                    Requests.ANY.operation("PutItem").table("jobs").from(Role.WORKER),
                    When.nth(3),
                    new Fault.Pause(Duration.ofSeconds(5))),
                FaultRule.store(Requests.ANY, When.chance(0.5).atMost(2), new Fault.Throttle()),
                FaultRule.invoke("streamer-job", When.every(4), new Fault.Lose()),
                FaultRule.push(
                    Door.API_GATEWAY,
                    When.ALWAYS.within(Duration.ofMinutes(1), Duration.ofMillis(250)),
                    new Fault.Status(410)),
                new FaultRule.Socket(Optional.empty(), When.ALWAYS, new Fault.Cut()),
                FaultRule.killWorker(
                    Requests.ANY.table("job_data"), When.ALWAYS, WriteMoment.BEFORE)));
  }

  @Test
  void withoutASeedThereIsARandomOne() {
    assertThat(PlanFile.read("a", "{}").seed()).isNotEqualTo(PlanFile.read("a", "{}").seed());
  }

  @Test
  void theExamplesAreRead() throws IOException {
    try (var files = Files.newDirectoryStream(EXAMPLES, "*.json")) {
      var read = StreamSupport.stream(files.spliterator(), false).map(PlanFile::read).toList();
      assertThat(read).hasSize(3).allSatisfy(plan -> assertThat(plan.rules()).isNotEmpty());
    }
  }

  /** The rule stands in line 3. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"at\": \"dynamo\", \"do\": \"fail\"} | 3: unknown place \"dynamo\"; \"at\" is one of",
        "{\"at\": \"push\", \"do\": \"throttle\"} | 3: unknown fault \"throttle\"; push knows cut,",
        "{\"do\": \"fail\"} | 3: a rule says where it acts",
        "{\"at\": \"dynamodb\"} | 3: a rule says what goes wrong",
        "{\"at\": \"dynamodb\", \"do\": \"fail\", \"tabel\": \"jobs\"} | 3: unknown field \"tabel\"",
        "{\"at\": \"stream\", \"do\": \"drop\", \"table\": \"jobs\"} | 3: unknown field \"table\"",
        "{\"at\": \"stream\", \"do\": \"drop\", \"time\": \"1s\"} | 3: unknown field \"time\"",
        "{\"at\": \"stream\", \"do\": \"drop\", \"chance\": 2} | 3: chance is 0 to 1",
        "{\"at\": \"stream\", \"do\": \"drop\", \"chance\": \"1\"} | 3: chance is a number",
        "{\"at\": \"stream\", \"do\": \"drop\", \"every\": 1.5} | 3: every is no such number",
        "{\"at\": \"stream\", \"do\": \"drop\", \"nth\": 0} | 3: nth is 1 or more",
        "{\"at\": \"stream\", \"do\": \"delay\"} | 3: delay needs a time",
        "{\"at\": \"stream\", \"do\": \"delay\", \"time\": \"soon\"} | 3: a duration is a whole",
        "{\"at\": \"stream\", \"do\": \"delay\", \"time\": \"0s\"} | 3: a time is above zero",
        "{\"at\": \"stream\", \"do\": \"delay\", \"time\": \"366d\"} | 3: a time is above zero",
        "{\"at\": \"stream\", \"do\": \"drop\", \"after\": \"366d\"} | 3: after is at most 365d",
        "{\"at\": \"stream\", \"do\": \"drop\", \"for\": \"366d\"} | 3: for is above zero, and at",
        "{\"at\": \"stream\", \"do\": \"drop\", \"times\": [1]} | 3: times is a text or a number",
        "{\"at\": \"push\", \"do\": \"status\"} | 3: a status is needed",
        "{\"at\": \"push\", \"do\": \"status\", \"status\": 200} | 3: a push is answered with 410",
        "{\"at\": \"socket\", \"do\": \"cut\", \"door\": \"back\"} | 3: door is one of",
        "{\"at\": \"dynamodb\", \"do\": \"fail\", \"operation\": \"Put\"} | 3: operation is one of",
        "{\"at\": \"worker\", \"do\": \"kill\", \"operation\": \"Query\"} | 3: operation is one",
        "{\"at\": \"worker\", \"do\": \"kill\", \"from\": \"worker\"} | 3: unknown field \"from\"",
        "7 | 3: a rule is an object",
        "{\"at\": \"socket\" \"do\": \"cut\"} | 3: Unexpected character",
      })
  void whatIsWrongIsToldWithItsLine(String rule, String problem) {
    var text = "{\"rules\": [\n  {\"at\": \"socket\", \"do\": \"cut\"},\n  " + rule + "\n]}";
    assertThatThrownBy(() -> PlanFile.read("faults.json", text))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("faults.json:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"do\": \"drop\", \"chance\": 2 | chance is 0 to 1",
        "\"do\": \"drop\", \"every\": 0 | every is 1 or more",
        "\"do\": \"drop\", \"nth\": 0 | nth is 1 or more",
        "\"do\": \"drop\", \"times\": 0 | times is 1 or more",
        "\"do\": \"drop\", \"after\": \"366d\" | after is at most 365d",
        "\"do\": \"drop\", \"for\": \"0s\" | for is above zero",
        "\"do\": \"delay\", \"time\": \"0s\" | a time is above zero",
      })
  void aWrongValueIsToldWithItsOwnLine(String fields, String problem) {
    var text =
        "{\"rules\": [{\n  \"at\": \"stream\",\n  " + fields.replace(", ", ",\n  ") + "\n}]}";
    assertThatThrownBy(() -> PlanFile.read("faults.json", text))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("faults.json:4: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[] | 1: a plan is an object",
        "{\"$schema\": 1} | 1: $schema is a text",
        "{\"rule\": []} | 1: unknown field \"rule\"",
        "{\"seed\": 1.5} | 1: seed is a whole number",
        "{\"seed\": 1, \"seed\": 2} | 1: Duplicate field 'seed'",
        "{\"rules\": {}} | 1: rules is an array",
        "{} {} | 1: nothing follows the plan",
        "{\"rules\": [ | 1: Unexpected end",
      })
  void soIsWhatIsWrongAroundTheRules(String text, String problem) {
    assertThatThrownBy(() -> PlanFile.read("faults.json", text))
        .isInstanceOf(PlanException.class)
        .hasMessageNotContaining("Source")
        .hasMessageStartingWith("faults.json:" + problem);
  }

  @Test
  void anEmptyFileIsNoPlan(@TempDir Path folder) throws IOException {
    var latin = Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xe9, '"'});
    assertThatThrownBy(() -> PlanFile.read(latin))
        .isInstanceOf(PlanException.class)
        .hasMessage("latin.json:1: a plan is UTF-8 text");
    var empty = Files.createFile(folder.resolve("empty.json"));
    assertThatThrownBy(() -> PlanFile.read(empty))
        .isInstanceOf(PlanException.class)
        .hasMessage("empty.json:1: a plan is an object");
  }
}
