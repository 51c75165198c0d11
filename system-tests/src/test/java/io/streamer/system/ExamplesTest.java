package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamer.cli.init.Project;
import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The projects in {@code examples}, as a reader has them: outside of the build, against installed
 * artefacts. Their pages are tried in a real browser, served as {@code dev} serves them.
 */
@Timeout(300)
class ExamplesTest {
  private static final Set<String> FETCHING = Set.of("database");

  @TempDir static Path folder;

  private static Checkout checkout;
  private static volatile Duration later = Duration.ZERO;

  @BeforeAll
  static void install() throws Exception {
    checkout = Checkout.in(folder);
    var from = LocalStage.home().resolve("examples");
    Checkout.copy(from.resolve("pom.xml"), examples().resolve("pom.xml"));
    for (var name : names()) {
      for (var part : List.of("pom.xml", "src", "page")) {
        if (Files.exists(from.resolve(name).resolve(part))) {
          Checkout.copy(from.resolve(name).resolve(part), examples().resolve(name).resolve(part));
        }
      }
      // dev takes a project's own Maven first
      Files.createSymbolicLink(
          examples().resolve(name).resolve("mvnw"), checkout.tools().resolve("mvn"));
    }
    var installed = run(List.of(checkout.home().resolve("streamer").toString(), "install"));
    assertThat(installed.failed()).as(installed.output()).isFalse();
  }

  /** But for what each fetches of its own, all they need was fetched by our own build. */
  @Test
  void theirOwnTestsPass() throws Exception {
    var own = names().stream().filter(name -> !FETCHING.contains(name)).toList();
    var ran = verify(examples(), "-pl", String.join(",", own));

    assertThat(ran.failed()).as(ran.output()).isFalse();
    assertThat(own).hasSize(4).allSatisfy(ExamplesTest::assertTested);
  }

  @Test
  void thePoolOfTheDatabaseIsTestedWhereItCanBeFetched() throws Exception {
    var ran = fetching(verify(examples().resolve("database")));

    assertThat(ran.failed()).as(ran.output()).isFalse();
    assertTested("database");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring", "kotlin"})
  void whatInitMakesWithItIsTestedAndServedWhereItCanBeFetched(String variant) throws Exception {
    var home = checkout.home();
    var project = folder.resolve(variant);
    Project.of("shop", Optional.of("com.example.shop"), Optional.of(project))
        .make(
            List.of(home.resolve("template"), home.resolve("template-variants").resolve(variant)),
            "0.1.0-SNAPSHOT");
    Files.createSymbolicLink(project.resolve("mvnw"), checkout.tools().resolve("mvn"));
    var ran = fetching(verify(project));
    assertThat(ran.failed()).as(ran.output()).isFalse();
    assertTested(project);

    try (var stage = stage(project, Map.of("GREETER", "shop"));
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var answer = peer.request("r", "greet", JsonObject.of("names", JsonArray.of("Ada")));
      assertThat(answer.answer("r").data().getJsonArray("lines")).containsExactly("Hello, Ada");
    }
  }

  private static void assertTested(String example) {
    assertTested(examples().resolve(example));
  }

  /** A project whose tests are not found passes, too. */
  private static void assertTested(Path project) {
    assertThat(project.resolve("target/handlers")).isDirectoryContaining("glob:**-SNAPSHOT.jar");
    assertThat(project.resolve("target/surefire-reports"))
        .isDirectoryContaining("glob:**StageTest.txt");
  }

  private static ClientCommand.Ran verify(Path project, String... more) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                checkout.tools().resolve("mvn").toString(),
                "-q",
                "-B",
                "-ntp",
                "-f",
                project.resolve("pom.xml").toString()));
    command.addAll(List.of(more));
    command.add("verify");
    return run(command);
  }

  /** Skips the test, but in CI, where there is no registry to fetch from. */
  private static ClientCommand.Ran fetching(ClientCommand.Ran ran) {
    if (System.getenv("CI") == null) {
      assumeTrue(
          !ran.failed()
              || !ran.output().matches("(?s).*(Unknown host|Connection refused|timed out).*"),
          () -> "not tested: Maven cannot fetch\n" + ran.output());
    }
    return ran;
  }

  @Nested
  class Pages {
    private static Browser browser;

    @TempDir static Path profile;

    @BeforeAll
    static void startTheBrowser() throws Exception {
      var chromium = Chromium.find();
      assumeTrue(
          chromium.isPresent(),
          "the examples' pages are not tested: none of " + Chromium.NAMES + " is on the PATH");
      browser = Browser.start(chromium.get(), profile);
    }

    @AfterAll
    static void endTheBrowser() {
      if (browser != null) {
        browser.close();
      }
    }

    @Test
    void ofTheQuickstartAnswersAndCountsOverAKillAndAReload() {
      try (var stage = serve("quickstart", Map.of())) {
        click("#ask button");
        browser.await(text("#answer") + " === 'Yes.'");

        set("#up-to", "2000000000");
        click("#count button");
        browser.await("document.querySelector('#bar').value > 2");
        killWorker(stage);
        browser.await(text("#message") + ".includes('(attempt 2)')");
        reload();
        browser.await("!document.querySelector('#bar').hidden");
        browser.await(text("#message") + " === '98,222,287 primes up to 2,000,000,000'");
      }
    }

    @Test
    void ofAiStopsInTheMiddleAndGoesOnBehindAReload() {
      try (var stage = serve("ai", Map.of("AI_PACE_MS", "30"))) {
        click("#ask button");
        browser.await(text("#story") + ".length > 80");
        click("#stop");
        browser.await(text("#state") + " === 'Stopped.'");

        click("#ask button");
        browser.await(text("#story") + ".length > 200");
        var before = String.valueOf(browser.evaluate(text("#story")));
        reload();
        browser.await(text("#story") + ".length > " + before.length());
        assertThat(String.valueOf(browser.evaluate(text("#story")))).startsWith(before);

        killWorker(stage);
        browser.await(text("#state") + ".endsWith('tokens')");
        var told = String.valueOf(browser.evaluate(text("#story")));
        assertThat(told).startsWith(before).endsWith(".");
      }
    }

    @Test
    void ofEtlShowsEachPartOnceOverAKill() {
      try (var stage = serve("etl", Map.of("ETL_PACE_MS", "150", "ETL_WAREHOUSE", warehouse()))) {
        click("#sample");
        browser.await(text("#checked") + " === '2000 rows, 6 of them refused'");
        click("#load button:not([type])");
        browser.await("document.querySelectorAll('#parts li').length >= 3");
        killWorker(stage);

        browser.await(text("#message") + ".startsWith('1994 orders loaded, 6 rows refused.')");
        assertThat(browser.evaluate("document.querySelectorAll('#parts li').length")).isEqualTo(20);
        assertThat(fetched("#message a")).startsWith("line 334: cents is no whole number");
      }
    }

    @Test
    void ofReportsNamesTheWrongMemberAndLinksTheFile() {
      try (var _ = serve("reports", Map.of("REPORTS_PACE_MS", "5"))) {
        set("#to", "2025-01-01");
        click("#ask button");
        browser.await(text("#problem") + ".includes('/payload/to is before from')");

        set("#to", "2026-03-31");
        click("#ask button");
        browser.await("!document.querySelector('#report').hidden");
        assertThat(browser.evaluate(text("#title"))).asString().startsWith("Report 1: ");
        assertThat(fetched("#file")).startsWith("day,item,cents\n2026-01-01,");
      }
    }

    @Test
    void ofReportsWithReactGoesOnBehindAReload() {
      NodeProject.page(
          LocalStage.home().resolve("examples/reports/react"),
          examples().resolve("reports/page/react"));
      try (var _ = serve("reports", "react/", Map.of("REPORTS_PACE_MS", "20"))) {
        set("#to", "2025-01-01");
        click("#ask button");
        browser.await(text("#problem") + ".includes('/payload/to is before from')");

        set("#to", "2026-12-31");
        click("#ask button");
        browser.await("document.querySelector('#bar')?.value > 5");
        browser.await("document.querySelector('#bar')?.value > 10");
        reload();
        browser.await("document.querySelector('#bar')?.value > 10");
        browser.await("document.querySelector('#report') !== null");
        // made once
        assertThat(browser.evaluate(text("#title"))).asString().startsWith("Report 1: ");
        assertThat(fetched("#file")).startsWith("day,item,cents\n2026-01-01,");
      }
    }

    /** The stage of this project, and its page in the browser. */
    private static Stage serve(String name, Map<String, String> settings) {
      return serve(name, "", settings);
    }

    private static Stage serve(String name, String below, Map<String, String> settings) {
      var stage = stage(examples().resolve(name), settings);
      browser.open(stage.page().orElseThrow().resolve(below));
      browser.await("document.readyState === 'complete' && document.querySelector('form')");
      browser.evaluate("sessionStorage.clear()");
      return stage;
    }

    private static void reload() {
      browser.evaluate("window.before = true");
      browser.call("Page.reload", new JsonObject());
      browser.await("window.before === undefined && document.readyState === 'complete'");
    }

    private static void click(String selector) {
      browser.evaluate("document.querySelector('" + selector + "').click()");
    }

    private static void set(String selector, String value) {
      browser.evaluate("document.querySelector('" + selector + "').value = '" + value + "'");
    }

    private static String text(String selector) {
      return "document.querySelector('" + selector + "').textContent";
    }

    private static String fetched(String link) {
      var url = String.valueOf(browser.evaluate("document.querySelector('" + link + "').href"));
      try (var http = HttpClient.newHttpClient()) {
        var request = HttpRequest.newBuilder(URI.create(url)).build();
        return http.send(request, BodyHandlers.ofString()).body();
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(url, e);
      }
    }

    private static String warehouse() {
      return folder.resolve("warehouse").toString();
    }
  }

  private static Path examples() {
    return folder.resolve("examples");
  }

  private static List<String> names() throws IOException {
    try (var projects = Files.list(LocalStage.home().resolve("examples"))) {
      return projects
          .filter(project -> Files.exists(project.resolve("pom.xml")))
          .map(project -> Objects.requireNonNull(project.getFileName()).toString())
          .sorted()
          .toList();
    }
  }

  /** Kills the worker of the one job, and lets another take over at once. */
  private static void killWorker(Stage stage) {
    assertThat(stage.killWorkers()).hasSize(1);
    later = Duration.ofHours(1);
    stage.runDue();
  }

  private static Stage stage(Path project, Map<String, String> settings) {
    later = Duration.ZERO;
    var said = new ArrayList<String>();
    var stage =
        Stage.start(
            LocalStage.options()
                .demo(false)
                .handlers(Optional.of(project))
                .handlerSettings(settings)
                // the gateway's clock is the test's: nobody waits for a lease to be over
                .clock(() -> Instant.now().plus(later))
                .settings(Map.of("STREAMER_HEARTBEAT", "1d"))
                .live(new LiveHandlers.Listener(_ -> {}, said::add)));
    assertThat(said).isEmpty();
    return stage;
  }

  private static ClientCommand.Ran run(List<String> command)
      throws IOException, InterruptedException {
    var process = checkout.command(command.toArray(String[]::new)).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new ClientCommand.Ran(process.waitFor(), said);
  }
}
