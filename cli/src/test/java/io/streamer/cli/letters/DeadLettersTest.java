package io.streamer.cli.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import io.streamer.cli.door.DevAddress;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.dynamo.DynamoDbLocal;
import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.Tables;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Timeout(120)
class DeadLettersTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  private static DynamoDbLocal server;
  private static DynamoDbClient client;

  @TempDir Path home;

  private final Tables tables = new Tables("t-" + UUID.randomUUID());
  private Instant now = START;
  private final JobCalls jobs =
      new JobCalls(
          tables,
          new JobLimits(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofDays(7)),
          () -> now);

  @BeforeAll
  static void startTheStore() {
    server =
        DynamoDbLocal.start(
            Path.of("..", "local", "dynamodb-local", "target", "jars"), Optional.empty());
    client = LocalAws.dynamo(server.uri());
  }

  @AfterAll
  static void stopTheStore() {
    client.close();
    server.close();
  }

  @BeforeEach
  void announceTheStage() {
    CreateTables.create(client, tables);
    new DevAddress(home)
        .publish(
            URI.create("ws://127.0.0.1:9/ws"), new DevAddress.Store(server.uri(), tables.prefix()));
  }

  @Test
  void theNewestIsListedFirstAsATableForPeople() {
    var first = failed("demo", "r-1", "report");
    var second = failed("demo", "r-2", "delay");

    var ran = Ran.onTerminal(home, "dead-letters");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    var lines = ran.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("FAILED").contains("TENANT", "ACTION", "CAUSE");
    assertThat(lines.get(1))
        .startsWith("2026-01-31T12:00:02Z  demo    ann   delay   " + second.id() + "  1")
        .endsWith("PROCESSING_FAILED: the mill  is broken");
    assertThat(lines.get(2)).contains("report", first.id().value());
  }

  @Test
  void aScriptGetsLinesOfJson() {
    var job = failed("demo", "r-1", "report");

    var ran = Ran.inScript(home, "dead-letters", "list");

    var json = new JsonObject(ran.out().strip());
    assertThat(json.getString("job_id")).isEqualTo(job.id().value());
    assertThat(json.getString("tenant")).isEqualTo("demo");
    assertThat(json.getInteger("attempts")).isEqualTo(1);
    assertThat(json.getDouble("failed_at")).isEqualTo(now.toEpochMilli() / 1000.0);
    assertThat(ran.out()).containsPattern("\"failed_at\":[0-9]{10}\\.[0-9]{3}[,}]");
    assertThat(json.getJsonObject("error").getJsonObject("details").getString("reason"))
        .isEqualTo("BROKEN");
  }

  @Test
  void aLongListGoesOnBehindItsCursor() {
    for (int i = 0; i < 3; i++) {
      failed("demo", "r-" + i, "report");
    }
    var first = Ran.inScript(home, "dead-letters", "--limit", "2");
    assertThat(first.out().lines()).hasSize(2);
    var cursor = first.err().strip().replaceFirst(".*--cursor ", "");

    var second = Ran.inScript(home, "dead-letters", "list", "--cursor", cursor);
    assertThat(second.out().lines()).hasSize(1);
    assertThat(second.out()).contains("\"r-0\"");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void anotherTenantsAreListedWhenItIsNamed() {
    failed("acme", "r-1", "report");

    assertThat(Ran.onTerminal(home, "dead-letters").out())
        .contains("no dead letters")
        .contains("demo");
    assertThat(Ran.inScript(home, "dead-letters", "--tenant", "acme").out().lines()).hasSize(1);
  }

  @Test
  void oneIsShownWithItsCauseAndHistory() {
    var job = failed("demo", "r-1", "report");
    var ran = Ran.onTerminal(home, "dead-letters", "show", job.id().value());

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines())
        .contains(
            "job         " + job.id(),
            "status      failed",
            "request     r-1",
            "created     2026-01-31T12:00:00Z",
            "failed      2026-01-31T12:00:01Z",
            "attempts    1",
            "epochs      1",
            "progress    40%  milling",
            "error       PROCESSING_FAILED: the mill  is broken",
            "            reason: BROKEN");
    assertThat(Ran.onTerminal(home, "dead-letters", "show", "--json", job.id().value()).out())
        .contains("\"status\":\"failed\"");
  }

  @Test
  void whatIsNotThereIsSaidToBeMissing() {
    var ran = Ran.inScript(home, "dead-letters", "show", "nothing");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("nothing").contains(tables.prefix());
  }

  @Test
  void aRedriveIsANewJobAndOneHoweverOftenItIsAskedFor() {
    var job = failed("demo", "r-1", "report");

    var first = Ran.inScript(home, "dead-letters", "redrive", job.id().value());
    var second = Ran.inScript(home, "dead-letters", "redrive", job.id().value());

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(second.out()).isEqualTo(first.out());
    var again = new JsonObject(first.out().strip()).getString("redriven_by");
    assertThat(Ran.inScript(home, "dead-letters").out()).isEmpty();
    var shown = Ran.onTerminal(home, "dead-letters", "show", job.id().value()).out();
    assertThat(shown).contains("redriven by " + again).doesNotContain("failed      ");
    assertThat(Ran.onTerminal(home, "dead-letters", "show", again).out())
        .contains("redrive of  " + job.id())
        .contains("status      " + JobStatus.QUEUED.wire());
  }

  @Test
  void whatCannotBeRedrivenIsToldAndTheOthersAre() {
    var job = failed("demo", "r-1", "report");
    var waiting = submit("demo", "r-2", "report");

    var ran =
        Ran.onTerminal(
            home, "dead-letters", "redrive", "none", waiting.id().value(), job.id().value());

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .contains("1 of 3: none was not redriven: there is no such job")
        .contains("2 of 3: " + waiting.id() + " was not redriven: it has not failed: it is queued")
        .contains("3 of 3: " + job.id() + " goes on as ");
    assertThat(ran.err()).contains("1 redriven, 2 not");
  }

  @Test
  void allOfAnActionAreRedrivenWithoutAQuestionInAScript() {
    failed("demo", "r-1", "report");
    failed("demo", "r-2", "delay");
    failed("demo", "r-3", "report");

    var ran = Ran.inScript(home, "dead-letters", "redrive", "--all", "--action", "report");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines()).hasSize(2);
    assertThat(ran.err()).contains("2 redriven");
    assertThat(Ran.inScript(home, "dead-letters").out()).contains("\"delay\"");
    assertThat(Ran.inScript(home, "dead-letters", "redrive", "--all", "--action", "report").err())
        .contains("nothing to redrive");
  }

  @Test
  void aPersonIsAskedBeforeAllAreRedriven() {
    failed("demo", "r-1", "report");

    var no = answering("n\n", "dead-letters", "redrive", "--all");
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(no.out()).contains("redrive 1 dead letters of tenant demo in the tables");
    assertThat(no.err()).contains("nothing was redriven");
    assertThat(answering("", "dead-letters", "redrive", "--all").exitCode()).isEqualTo(1);
    assertThat(answering("yes\n", "dead-letters", "redrive", "--all").exitCode()).isZero();

    failed("demo", "r-2", "report");
    var ran = Ran.onTerminal(home, "dead-letters", "redrive", "--all", "--yes");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).doesNotContain("[y/N]").contains("1 of 1");
  }

  @Test
  void theEnvironmentOfAGatewayNamesItsTables() {
    failed("acme", "r-1", "report");
    var environment =
        Map.of(
            "AWS_REGION", "us-east-1",
            "AWS_ENDPOINT_URL_DYNAMODB", server.uri().toString(),
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local",
            "STREAMER_TABLE_PREFIX", tables.prefix());

    var nobody = Ran.in(environment, home, "dead-letters", "--aws");
    assertThat(nobody.exitCode()).isEqualTo(2);
    assertThat(nobody.err()).contains("--tenant").contains(tables.prefix());
    assertThat(Ran.in(environment, home, "dead-letters", "--aws", "--tenant", "acme").out().lines())
        .hasSize(1);
  }

  @Test
  void aRegionOfTheEnvironmentAloneLeadsToNobodysAccount() {
    failed("demo", "r-1", "report");
    var environment = Map.of("AWS_REGION", "eu-west-1", "STREAMER_TABLE_PREFIX", "theirs");
    for (var command : List.of("list", "redrive --all --yes")) {
      var args = ("dead-letters " + command).split(" ");
      assertThat(Ran.in(environment, home, args).exitCode()).as(command).isZero();
    }
    var elsewhere = Ran.in(environment, home.resolve("empty"), "dead-letters");
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("--aws");
  }

  @Test
  void tablesThatAreNotThereAreNamed() {
    new DevAddress(home)
        .publish(
            URI.create("ws://127.0.0.1:9/ws"), new DevAddress.Store(server.uri(), "elsewhere"));
    var ran = Ran.inScript(home, "dead-letters");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("elsewhere").contains("STREAMER_TABLE_PREFIX");
  }

  @Test
  void withoutAStageAndAnEnvironmentItSaysWhatToDo() {
    var ran = Ran.inScript(home.resolve("empty"), "dead-letters");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("./streamer dev").contains("AWS_REGION");
  }

  @Test
  void aCursorOfSomebodyElseIsRefused() {
    var ran = Ran.inScript(home, "dead-letters", "--cursor", "x");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("cursor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list --limit 0",
        "--limit 10001",
        "show",
        "redrive",
        "redrive --all x",
        "redrive x --action report"
      })
  void wrongUsageEndsWithTwo(String args) {
    var all = List.of(("dead-letters " + args).split(" ", -1)).toArray(String[]::new);

    assertThat(Ran.inScript(home, all).exitCode()).isEqualTo(2);
  }

  private Job submit(String tenant, String id, String action) {
    return run(jobs.submit(
            new NewJob(
                UUID.randomUUID().toString(),
                new Caller(tenant, "ann", Set.of()),
                id,
                action,
                RawJson.of("{}"),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                Optional.empty())))
        .job();
  }

  /** A job that fails a second after its submit. */
  private Job failed(String tenant, String id, String action) {
    var job = submit(tenant, id, action);
    var held = ((Claim.Claimed) run(jobs.claim(job.id(), 0, "c"))).job();
    now = now.plusSeconds(1);
    var problem =
        Problem.of(ErrorCode.PROCESSING_FAILED, "the mill \u001bis broken")
            .with("reason", "BROKEN");
    var kept =
        run(
            jobs.finish(
                held,
                new Outcome.Failed(problem),
                new Report(40, "milling"),
                1_000_000_002L,
                Map.of(),
                "n"));
    return ((Kept.Still) kept).job();
  }

  private static <T> T run(Call<T> call) {
    return call.run(request -> SdkRequests.send(client, request));
  }

  private Ran answering(String typed, String... args) {
    var before = System.in;
    System.setIn(new ByteArrayInputStream(typed.getBytes(UTF_8)));
    try {
      return Ran.onTerminal(home, args);
    } finally {
      System.setIn(before);
    }
  }
}
