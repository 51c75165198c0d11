package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console in a real browser. */
@ExtendWith(LocalStage.class)
@Timeout(120)
class ConsoleTest {
  private static final int CTRL = 2;

  @TempDir static Path profile;

  private static Browser browser;

  @BeforeAll
  static void startTheBrowser() throws Exception {
    var chromium = Chromium.find();
    assumeTrue(
        chromium.isPresent(),
        "the console is not tested: none of " + Chromium.NAMES + " is on the PATH");
    browser = Browser.start(chromium.get(), profile);
  }

  @AfterAll
  static void endTheBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openThePage() {
    browser.size(1280, 900);
    browser.open(LocalStage.stage().console());
    awaitConnection();
    browser.evaluate("sessionStorage.clear(); localStorage.clear()");
    browser.evaluate("document.querySelector('#clear').click()");
  }

  @AfterEach
  void nothingIsLoadedFromElsewhereAndNoErrorIsLogged() {
    var console = LocalStage.stage().console();
    // the browser's own pictures for its fields are data
    assertThat(browser.requested())
        .filteredOn(uri -> !"data".equals(uri.getScheme()))
        .allMatch(uri -> uri.getAuthority().equals(console.getAuthority()));
    // the browser itself tells of a stream that a test has cut
    assertThat(browser.complaints()).filteredOn(it -> !it.contains("/console/feed/live")).isEmpty();
  }

  @Test
  void theKeyboardAloneSendsARequestAndItsAnswerIsShown() {
    browser.evaluate("document.activeElement.blur()");
    browser.press("/", "/", 0);
    browser.type("ech");
    browser.press("Enter", "\r", 0);
    browser.type("{\"n\": 12345678901234567890}");
    browser.press("Enter", "\r", CTRL);

    browser.await(run("echo") + "?.dataset.state === 'done'");
    assertThat(text(run("echo"))).contains("\"n\": 12345678901234567890");
  }

  @Test
  void aJobIsFollowedToItsResult() {
    choose("delay");
    fill("seconds", "0.2");
    fill("steps", "4");
    send();

    browser.await(run("delay") + "?.dataset.state === 'done'");
    assertThat(text(run("delay")))
        .contains("step 4 of 4")
        .contains("100 %")
        .contains("\"steps\": 4");
    assertThat(browser.evaluate(run("delay") + ".querySelector('progress').value")).isEqualTo(100);
  }

  @Test
  void aFailedJobSaysWhy() {
    choose("test.broken-job");
    rawJson("{\"mode\": \"any\"}");
    send();

    browser.await("document.querySelector('.run[data-state=failed] .error') !== null");
    assertThat(text("document.querySelector('.run[data-state=failed] .error')"))
        .contains("PROCESSING_FAILED");
  }

  @Test
  void aRunningJobIsCancelledByItsButton() {
    choose("delay");
    fill("seconds", "600");
    fill("steps", "600");
    send();
    var cancel = run("delay") + ".querySelector('.cancel')";
    browser.await(run("delay") + "?.dataset.state === 'running'");
    browser.evaluate(cancel + ".click()");

    browser.await(run("delay") + "?.dataset.state === 'cancelled'");
    assertThat(browser.evaluate(cancel + ".hidden")).isEqualTo(true);
    assertThat(text(run("delay") + ".querySelector('.error')")).contains("CANCELLED");
  }

  @Test
  void theEventsOfAJobAreListedEachOnceOverItsAttempts() {
    choose("delay");
    browser.evaluate("document.querySelector('#action .bar button').click()");
    rawJson("{\"seconds\": 0, \"steps\": 12, \"events\": true, \"fail_times\": 1}");
    send();

    browser.await(run("delay") + "?.dataset.state === 'done'");
    assertThat(text(run("delay") + ".querySelector('.events summary')")).isEqualTo("12 events");
    assertThat(browser.evaluate(run("delay") + ".querySelectorAll('.events li').length"))
        .isEqualTo(12);
    assertThat(text(run("delay") + ".querySelector('.top')")).contains("attempt 2");
  }

  @Test
  void aFormBeginsWithItsExamplesAndSaysWhatItsFieldsAreFor() {
    choose("process_data");

    assertThat(browser.evaluate(input("dataset_id") + ".value")).isEqualTo("demo-dataset-123");
    assertThat(browser.evaluate(input("operation") + ".value")).isEqualTo("");
    assertThat(
            browser.evaluate(
                input("operations")
                    + ".getAttribute('aria-describedby').split(' ').map((id) =>"
                    + " document.getElementById(id).textContent).join('|')"))
        .isEqualTo("the name of one, or a list of 1 to 10 that are done in this order|");
    send();
    browser.await(run("process_data") + "?.dataset.state === 'done'");
    assertThat(text(run("process_data"))).contains("aggregate");
  }

  @Test
  void aListInAFormBeginsWithItsExamples() {
    choose("bulk_operation");
    send();

    browser.await(run("bulk_operation") + "?.dataset.state === 'done'");
    assertThat(text(run("bulk_operation"))).contains("\"processed\": 2");
  }

  @Test
  void aRuleThatIsBrokenIsToldAtItsField() {
    choose("generate_report");
    fill("start_date", "2025-02-01");
    fill("end_date", "2025-01-01");
    send();

    browser.await(input("end_date") + ".getAttribute('aria-invalid') === 'true'");
    assertThat(text(input("end_date") + ".closest('.field')")).contains("is before start_date");
    assertThat(browser.evaluate("document.activeElement === " + input("end_date"))).isEqualTo(true);
    assertThat(browser.evaluate("document.querySelectorAll('.run').length")).isEqualTo(0);
  }

  @Test
  void whatIsNoJsonIsNotSent() {
    choose("echo");
    rawJson("{\"n\": }");
    send();

    assertThat(text("document.querySelector('#action')")).contains("is not JSON");
    assertThat(browser.evaluate("document.querySelectorAll('.run').length")).isEqualTo(0);
  }

  @Test
  void aFormAndItsRawJsonAreTheSamePayload() {
    choose("bulk_operation");
    browser.evaluate("document.querySelector('#action .bar button').click()");
    rawJson(
        "{\"operation_type\": \"create\", \"entity_type\": \"user\", \"items\": [{\"id\": 1}, 2]}");
    browser.evaluate("document.querySelector('#action .bar button').click()");

    assertThat(browser.evaluate(input("entity_type") + ".value")).isEqualTo("user");
    assertThat(browser.evaluate("document.querySelectorAll('#action .item textarea').length"))
        .isEqualTo(2);
    send();
    browser.await(run("bulk_operation") + "?.dataset.state === 'done'");
    assertThat(text(run("bulk_operation"))).contains("\"total_items\": 2");
  }

  @Test
  void aJobGoesOnOverALostConnectionAndAReload() {
    var gate = UUID.randomUUID().toString();
    choose("test.gated-job");
    fill("gate", gate);
    send();
    browser.await(run("test.gated-job") + "?.querySelector('progress:not([hidden])')");

    browser.evaluate(
        "window.states = []; new MutationObserver(() =>"
            + " states.push(document.querySelector('#link').dataset.state)).observe(document.querySelector('#link'),"
            + " {attributes: true})");
    LocalStage.stage().cutSockets(io.streamer.emulator.fault.Door.DIRECT);
    browser.await("states.includes('waiting') && states.at(-1) === 'open'");
    browser.call("Page.reload", new JsonObject());
    browser.await("window.states === undefined");
    awaitConnection();
    browser.await(run("test.gated-job") + "?.dataset.state !== 'done'");
    TestActions.open(gate);

    browser.await(run("test.gated-job") + "?.dataset.state === 'done'");
  }

  @Test
  void whatEndedBeforeAReloadIsShownAsFinishedAndClearedAtOnce() {
    for (int i = 1; i <= 3; i++) {
      choose("delay");
      fill("seconds", "0");
      send();
      browser.await("document.querySelectorAll('.run[data-state=done]').length === " + i);
    }
    browser.evaluate("window.before = true");
    browser.call("Page.reload", new JsonObject());
    browser.await("window.before === undefined");
    awaitConnection();

    assertThat(browser.evaluate("document.querySelectorAll('.run').length")).isEqualTo(3);
    assertThat(browser.evaluate("document.querySelectorAll('.cancel:not([hidden])').length"))
        .isEqualTo(0);
    browser.evaluate("document.querySelector('#clear').click()");
    assertThat(browser.evaluate("document.querySelectorAll('.run').length")).isEqualTo(0);
    assertThat(browser.evaluate("sessionStorage.getItem('streamer.runs')")).isEqualTo("[]");
  }

  @Test
  void aStatusIsFoundByEitherId() {
    choose("delay");
    fill("seconds", "0");
    send();
    browser.await(run("delay") + "?.dataset.state === 'done'");
    var job = text(run("delay") + ".querySelector('.id code')");

    lookUp(job);
    browser.await("document.querySelector('#lookup pre') !== null");
    var status = text("document.querySelector('#lookup pre')");
    assertThat(status).contains("\"status\": \"succeeded\"");
    lookUp(new JsonObject(status).getString("request_id"));
    browser.await("document.querySelector('#lookup pre')?.innerText.includes('" + job + "')");
    lookUp("nobody-knows-it");
    browser.await("document.querySelector('#lookup .error')?.innerText.includes('NOT_FOUND')");
  }

  @Test
  void thePagesOwnConnectionIsAmongTheConnections() {
    browser.evaluate("document.querySelector('#connections').open = true");

    browser.await("document.querySelector('#connections .own') !== null");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 800, 1280})
  void noActionIsWiderThanTheWindow(int width) {
    browser.size(width, 850);
    var actions =
        browser.evaluate(
            "[...document.querySelectorAll('#actions button')].filter((button) => {"
                + " button.click();"
                + " document.querySelector('#action fieldset button')?.click();"
                + " return document.documentElement.scrollWidth > "
                + width
                + ";"
                + "}).map((button) => button.title).join()");

    assertThat(actions).isEqualTo("");
  }

  @Test
  void aJobOfAnotherClientAppearsAndIsShownWhole() {
    jobs();
    try (var peer = Door.API_GATEWAY.connect(Tokens.of("elsewhere", "another"))) {
      var job = send(peer, "test.course", JsonObject.of("text", "ü", "number", 7));
      browser.await(row(job) + "?.dataset.state === 'succeeded'");
      browser.evaluate(row(job) + ".click()");

      browser.await("document.querySelector('#job .trace') !== null");
      assertThat(text("document.querySelector('#job')"))
          .contains(
              "test.course", "another / elsewhere", "first progress", "told", "\"number\": 7");
      assertThat(
              (String)
                  browser.evaluate(
                      "document.querySelector('#job .trace').getAttribute('aria-label')"))
          .contains("waited", "told");
      browser.evaluate("document.querySelectorAll('#job .part').forEach((it) => (it.open = true))");
      assertThat(text("document.querySelector('#job')"))
          .contains(
              "a/b#c%d", "half", "acknowledgment", "API Gateway", "./streamer request test.course");
    }
  }

  @Test
  void aFailedAttemptIsShownWithItsStackTraceAndDoneAgain() {
    jobs();
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "test.broken-job", new JsonObject());
      browser.await(row(job) + "?.dataset.state === 'failed'");
      browser.evaluate(row(job) + ".click()");
      browser.await("document.querySelector('#job .stack') !== null");
      assertThat(text("document.querySelector('#job .stack')"))
          .contains("IllegalStateException: the password is swordfish", "BrokenJob.handle");

      press("Redrive");
      browser.await("document.querySelector('#job .job-facts')?.innerText.includes('does again')");
      assertThat(text("document.querySelector('#job .job-facts')")).contains(job);
    }
  }

  @Test
  void aJobIsSentAgainAndCancelledWhereItIsShown() {
    jobs();
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "delay", JsonObject.of("seconds", 600, "steps", 600));
      browser.await(row(job) + "?.dataset.state === 'running'");
      browser.evaluate(row(job) + ".click()");
      browser.await("document.querySelector('#job h2')?.textContent === 'delay'");
      press("Send again");
      browser.await(
          "document.querySelectorAll('.job[data-state=running] .name[title=delay]').length > 1");
      press("Cancel");
      browser.await("document.querySelector('#job')?.dataset.state === 'cancelled'");
      assertThat(peer.terminal(job).code()).isEqualTo("CANCELLED");
    }
    browser.evaluate("document.querySelectorAll('.job[data-state=running]')[0].click()");
    browser.await("document.querySelector('#job')?.dataset.state === 'running'");
    press("Cancel");
    browser.await("document.querySelector('#job')?.dataset.state === 'cancelled'");
  }

  @Test
  void jobsAreFoundByWordsAndState() {
    jobs();
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var good = send(peer, "test.course", JsonObject.of("text", "", "number", 1));
      var bad = send(peer, "test.broken-job", new JsonObject());
      browser.await(row(good) + "?.dataset.state === 'succeeded'");
      browser.await(row(bad) + "?.dataset.state === 'failed'");

      browser.evaluate("document.querySelector('#job-search').focus()");
      browser.type(bad);
      browser.await("document.querySelectorAll('.job').length === 1");
      choose("#job-state", "succeeded");
      browser.await("!document.querySelector('#no-jobs').hidden");
      choose("#job-state", "dead");
      browser.await("document.querySelectorAll('.job').length === 1");
      browser.evaluate("document.querySelector('#job-list').focus()");
      browser.press("ArrowDown", "", 0);
      browser.await("document.querySelector('#job h2')?.textContent === 'test.broken-job'");
    }
  }

  @Test
  void jobsAreFoundByTheirOwnerAndWhenTheyWereAccepted() {
    jobs();
    browser.evaluate("document.querySelector('#job-more').open = true");
    var user = "owner-" + UUID.randomUUID();
    try (var mine = Door.DIRECT.connect(Tokens.of(user, "demo"));
        var namesake = Door.DIRECT.connect(Tokens.of(user, "another"));
        var other = Door.DIRECT.connect(Tokens.fresh())) {
      var early = send(mine, "test.course", JsonObject.of("text", "", "number", 1));
      var abroad = send(namesake, "test.course", JsonObject.of("text", "", "number", 2));
      var foreign = send(other, "test.course", JsonObject.of("text", "", "number", 3));
      for (var job : List.of(early, abroad, foreign)) {
        browser.await(row(job) + "?.dataset.state === 'succeeded'");
      }

      choose("#job-user", user);
      browser.await("document.querySelectorAll('.job').length === 2");
      choose("#job-tenant", "another");
      browser.await(
          "document.querySelectorAll('.job').length === 1 && " + row(abroad) + " !== null");
      assertThat(text("document.querySelector('#job-more small')"))
          .isEqualTo("user " + user + ", tenant another");

      choose("#job-since", moment(Instant.now().plusSeconds(60)));
      browser.await("document.querySelectorAll('.job').length === 0");
      choose("#job-since", moment(Instant.now().minusSeconds(600)));
      browser.await("document.querySelectorAll('.job').length === 1");
      choose("#job-until", moment(Instant.now().minusSeconds(300)));
      browser.await("!document.querySelector('#no-jobs').hidden");
      choose("#job-until", moment(Instant.now().minusSeconds(900)));
      assertThat(browser.evaluate("document.querySelector('#job-until-wrong').hidden"))
          .isEqualTo(false);

      browser.evaluate("document.querySelector('#job-clear').click()");
      browser.await(row(foreign) + " !== null && " + row(early) + " !== null");
      assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("job-user");
      assertThat(browser.evaluate("document.querySelector('#job-clear').hidden")).isEqualTo(true);
    }
  }

  @Test
  void theNewestOwnersCanBeChosen() {
    browser.evaluate(
        """
        import('/console/jobfilter.js').then(({ JobFilter }) => {
          const rows = Array.from({ length: 10_000 }, (_, n) => ({ user: `u${n}`, tenant: 'one' }));
          document.querySelector('#job-more').open = true;
          new JobFilter(() => rows, () => {}).changed();
          window.offered = ['#job-user', '#job-tenant'].map((it) => [...document.querySelector(it).options].map(({ value }) => value));
        }); null
        """);
    browser.await("window.offered !== undefined");

    assertThat(browser.evaluate("window.offered[0].length")).isEqualTo(201);
    assertThat(browser.evaluate("window.offered[0].includes('u199')")).isEqualTo(true);
    assertThat(browser.evaluate("window.offered[0].includes('u200')")).isEqualTo(false);
    assertThat(browser.evaluate("window.offered[1].join()")).isEqualTo(",one");
  }

  @Test
  void whatTheJobsOfAnActionTookIsToldInShares() {
    browser.evaluate(
        """
        import('/console/timings.js').then(({ timings }) => {
          const job = (action, n) => ({ action, created_at: 1000, started_at: 1000 + n, ended_at: 1000 + 3 * n });
          const rows = Array.from({ length: 200 }, (_, n) => job('much', 200 - n));
          rows.push({ ...job('little', 7), started_at: undefined }, { ...job('much', 9), ended_at: undefined });
          window.told = timings(rows).map(({ action, jobs, waited, ran, whole }) =>
            [action, jobs, waited.p50, waited.p99, ran.p50, ran.p99, whole.p50, whole.p99].join(' '));
        }); null
        """);
    browser.await("window.told !== undefined");

    assertThat(browser.evaluate("window.told.join(', ')"))
        .isEqualTo("much 200 100 198 200 396 300 594, little 1     21 21");
  }

  @Test
  void theTimesOfTheJobsThatAreListedAreShownByAction() {
    jobs();
    browser.evaluate("document.querySelector('#timings').open = true");
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var good = send(peer, "test.course", JsonObject.of("text", "", "number", 1));
      browser.await(row(good) + "?.dataset.state === 'succeeded'");
      browser.evaluate("document.querySelector('#job-search').focus()");
      browser.type(good);
      browser.await("document.querySelectorAll('#timings tbody tr').length === 1");
    }

    assertThat(text("document.querySelector('#timings tbody')"))
        .matches("(?s)test\\.course\\s+1(\\s+[\\d.:]+( ms| s)?){6}\\s*");
    choose("#job-state", "failed");
    browser.await(
        "document.querySelector('#timings .note').textContent === 'None of these jobs has ended.'");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 800, 1280})
  void noJobIsWiderThanTheWindow(int width) {
    browser.size(width, 850);
    jobs();
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var wide = JsonObject.of("text", "x".repeat(500), "number", 1);
      var job = send(peer, "test.course", wide);
      browser.await(row(job) + "?.dataset.state === 'succeeded'");
      browser.evaluate(row(job) + ".click()");
      browser.await("document.querySelector('#job .trace') !== null");
      browser.evaluate("document.querySelectorAll('#job .part').forEach((it) => (it.open = true))");
      browser.evaluate("document.querySelector('#timings').open = true");
      openTheOwners();

      assertThat((Integer) browser.evaluate("document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(width);
    }
  }

  /** By axe-core, with all its rules. */
  @ParameterizedTest
  @CsvSource({"light,1280", "dark,1280", "light,400", "dark,400"})
  void noViewBreaksARuleOfAccessibility(String scheme, int width) throws Exception {
    var axe = Files.readString(NodeProject.built("js").file("node_modules/axe-core/axe.min.js"));
    browser.size(width, 850);
    scheme(scheme);
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var good = send(peer, "test.course", JsonObject.of("text", "", "number", 1));
      var bad = send(peer, "test.broken-job", new JsonObject());
      peer.terminal(good);
      peer.terminal(bad);
      choose("delay");
      browser.evaluate(axe + "; null");
      assertThat(broken("send")).isEqualTo("send []");
      jobs();
      browser.await(row(bad) + "?.dataset.state === 'failed'");
      browser.evaluate("document.querySelector('#timings').open = true");
      browser.await("document.querySelector('#timings tbody tr') !== null");
      assertThat(broken("jobs")).isEqualTo("jobs []");
      openTheOwners();
      assertThat(broken("owners")).isEqualTo("owners []");
      for (var job : List.of(good, bad)) {
        browser.evaluate("location.hash = '#/jobs/" + job + "'");
        browser.await(
            "document.querySelector('#job .job-facts')?.innerText.includes('" + job + "')");
        browser.evaluate(
            "document.querySelectorAll('#job .part').forEach((it) => (it.open = true))");
        assertThat(broken(job)).isEqualTo(job + " []");
      }
    } finally {
      scheme("light");
    }
  }

  private static String broken(String view) {
    return view
        + " "
        + browser.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(({violations}) =>"
                + " JSON.stringify(violations.map(({id, nodes}) => [id, nodes.map((it) =>"
                + " it.html)])))");
  }

  @Test
  void theThemeIsTheSystemsUntilAnotherIsChosen() {
    var background = "getComputedStyle(document.body).backgroundColor";
    scheme("dark");
    var dark = browser.evaluate(background);
    scheme("light");
    var light = browser.evaluate(background);
    assertThat(light).isNotEqualTo(dark);

    browser.evaluate("document.querySelector('#theme').click()");
    scheme("dark");
    assertThat(browser.evaluate(background)).isEqualTo(light);
  }

  /** Goes to the list of all jobs. */
  private static void jobs() {
    browser.evaluate("location.hash = '#/jobs'");
    browser.await("!document.querySelector('#jobs-view').hidden");
    browser.evaluate("document.querySelector('#job-search').value = ''");
    choose("#job-state", "");
    browser.evaluate("document.querySelector('#job-clear').click()");
  }

  /** Opens the choice of owners and times, with a time that cannot be. */
  private static void openTheOwners() {
    browser.evaluate("document.querySelector('#job-more').open = true");
    choose("#job-since", moment(Instant.now()));
    choose("#job-until", moment(Instant.now().minusSeconds(60)));
    browser.await("!document.querySelector('#job-until-wrong').hidden");
  }

  /** As a field for a moment has it; the browser is in this JVM's zone. */
  private static String moment(Instant at) {
    return LocalDateTime.ofInstant(at, ZoneId.systemDefault())
        .truncatedTo(ChronoUnit.SECONDS)
        .toString();
  }

  private static void choose(String select, String value) {
    browser.evaluate(
        "{ const it = document.querySelector('%s'); it.value = '%s'; it.dispatchEvent(new Event('input', {bubbles: true})); }"
            .formatted(select, value));
  }

  private static void press(String button) {
    browser.evaluate(
        "[...document.querySelectorAll('#job button')].find((it) => it.textContent === '"
            + button
            + "').click()");
  }

  private static String row(String job) {
    return "document.querySelector('[data-job=\"" + job + "\"]')";
  }

  private static String send(Peer peer, String action, JsonObject payload) {
    var id = UUID.randomUUID().toString();
    return peer.request(id, action, payload).acknowledgment(id).jobId();
  }

  private static void awaitConnection() {
    browser.await(
        "document.querySelector('#link').dataset.state === 'open' &&"
            + " document.querySelector('#action form')");
  }

  private static void choose(String action) {
    browser.evaluate("document.querySelector('#actions button[title=\"" + action + "\"]').click()");
  }

  private static void fill(String label, String text) {
    browser.evaluate(input(label) + ".select()");
    browser.type(text);
  }

  private static void rawJson(String json) {
    browser.evaluate("document.querySelector('#action textarea').select()");
    browser.type(json);
  }

  private static void send() {
    browser.evaluate("document.querySelector('#action button[type=submit]').click()");
  }

  private static void lookUp(String id) {
    browser.evaluate(
        "document.querySelector('#lookup').open = true;"
            + " document.querySelector('#lookup .answer').replaceChildren();"
            + " document.querySelector('#lookup-id').value = '"
            + id
            + "';"
            + " document.querySelector('#lookup form').requestSubmit()");
  }

  private static void scheme(String scheme) {
    var feature = JsonObject.of("name", "prefers-color-scheme", "value", scheme);
    browser.call("Emulation.setEmulatedMedia", JsonObject.of("features", JsonArray.of(feature)));
  }

  private static String text(String element) {
    return String.valueOf(browser.evaluate(element + ".innerText"));
  }

  private static String input(String label) {
    return "document.getElementById([...document.querySelectorAll('#action label')]"
        + ".find((label) => label.firstChild.textContent === '"
        + label
        + "').htmlFor)";
  }

  /** The newest run of an action. */
  private static String run(String action) {
    return "[...document.querySelectorAll('.run')]"
        + ".find((run) => run.querySelector('strong').textContent === '"
        + action
        + "')";
  }
}
