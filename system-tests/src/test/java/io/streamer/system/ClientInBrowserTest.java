package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client for JavaScript and its hooks for React in a real browser. */
@Timeout(120)
class ClientInBrowserTest {
  @TempDir static Path folder;

  private static Stage stage;
  private static Map<Door, Front> fronts;
  private static ClientPages pages;
  private static Browser browser;

  private final String gate = UUID.randomUUID().toString();
  private final String token = Tokens.fresh();
  private final List<JsonObject> sent = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    var chromium = Chromium.find();
    assumeTrue(
        chromium.isPresent(),
        "the client is not tested in a browser: none of " + Chromium.NAMES + " is on the PATH");
    var client = NodeProject.built("js");
    var bundle = folder.resolve("react.js");
    var bundled =
        NodeProject.built("react").run("node", "test/support/page.mjs", bundle.toString());
    assertThat(bundled.exitCode()).as(bundled.output()).isZero();
    pages = new ClientPages(client.folder(), bundle);
    stage = Stage.start(LocalStage.options().modules(List.of(new ConformanceActions())));
    fronts =
        Map.of(
            Door.DIRECT, new Front(stage.vertx(), Door.DIRECT.of(stage)),
            Door.API_GATEWAY, new Front(stage.vertx(), Door.API_GATEWAY.of(stage)));
    browser = Browser.start(chromium.get(), folder.resolve("profile"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (pages != null) {
      pages.close();
    }
    if (stage != null) {
      fronts.values().forEach(Front::close);
      stage.close();
    }
  }

  @BeforeEach
  void begin() {
    fronts.values().forEach(front -> front.begin(sent::add));
  }

  @AfterEach
  void end() {
    Gates.open(gate);
    offline(false);
    browser.open(URI.create("about:blank"));
  }

  @Test
  void aJobGoesOnOverTwentySecondsWithoutANetwork() {
    openPlain(Door.DIRECT);
    browser.evaluate("page.stopTheClock()");
    askForRows();

    offline(true);
    front().refuse(503, Integer.MAX_VALUE);
    front().cut();
    browser.await("page.client.state.name !== 'open'");
    assertThat(browser.evaluate("navigator.onLine")).isEqualTo(false);
    for (int second = 0; second < 20; second++) {
      browser.evaluate("page.pass(1_000)");
      browser.await("['waiting', 'connecting'].includes(page.client.state.name)");
    }
    Gates.open(gate);
    browser.await("page.pass(0) || page.client.state.name === 'waiting'");

    // its clock stands, so that it is this alone that brings it back
    front().refuse(503, 0);
    offline(false);
    browser.await("page.shown.result?.rows === 4");
    assertAllWasShownOnce();
  }

  @Test
  void aReloadInMidJobGoesOnWithTheSameBar() {
    openPlain(Door.DIRECT);
    askForRows();

    browser.reload();
    assertThat(browser.evaluate("page.goOn()")).isEqualTo(1);
    browser.await("document.querySelector('progress').value === 45");
    Gates.open(gate);
    browser.await("page.shown.result?.rows === 4");
    assertAllWasShownOnce();
    assertThat(browser.evaluate("page.client.kept.length")).isEqualTo(0);

    browser.reload();
    assertThat(browser.evaluate("page.goOn()")).as("it has ended").isEqualTo(0);
  }

  @Test
  void twoTabsThatSendTheSameRequestFollowOneJob() throws Exception {
    openPlain(Door.DIRECT);
    askForRows();
    try (var other = browser.tab()) {
      other.open(page("plain", Door.DIRECT));
      other.await("globalThis.page !== undefined");
      request(other);
      other.await("document.querySelector('progress').value === 45");
      Gates.open(gate);
      for (var tab : List.of(browser, other)) {
        tab.await("page.shown.result?.rows === 4");
        assertThat(tab.evaluate("page.shown.result.attempt")).isEqualTo(1);
        assertThat(shown(tab, "rows")).isEqualTo(JsonArray.of(1, 2, 3, 4));
      }
    }
    assertThat(requests()).hasSize(2);
  }

  @Test
  void aTabThatSleptCatchesUp() {
    openPlain(Door.DIRECT);
    askForRows();

    lifecycle("frozen");
    front().cut();
    Gates.open(gate);
    lifecycle("active");
    browser.await("page.shown.result?.rows === 4");
    assertAllWasShownOnce();
  }

  @Test
  void aMessageThatIsTooLargeForAFrameOfApiGatewayIsNotSent() {
    openPlain(Door.API_GATEWAY);
    browser.evaluate("void page.request('echo', {n: 1})");
    browser.await("page.shown.result !== undefined");
    browser.evaluate("void page.request('echo', {text: 'x'.repeat(33_000)})");
    browser.await("page.shown.error !== undefined");
    assertThat(browser.evaluate("page.shown.error.code")).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(browser.evaluate("page.shown.error.details.max_frame_bytes")).isEqualTo(32_768);
    assertThat(browser.evaluate("page.client.state.name")).isEqualTo("open");
    assertThat(requests()).hasSize(1);
  }

  @Test
  void theExampleForReactWorksUnderStrictMode() {
    browser.open(page("react", Door.DIRECT));
    browser.await("document.querySelector('button') !== null");
    browser.evaluate("document.querySelector('button').click()");
    browser.await("document.querySelector('progress')?.value > 0");
    browser.await("document.querySelector('a') !== null");
    assertThat(String.valueOf(browser.evaluate("document.querySelector('a').innerText")))
        .isEqualTo("The report");
    assertThat(browser.evaluate("document.querySelector('progress').value")).isEqualTo(100);
    assertThat(browser.evaluate("errors.join()")).isEqualTo("");
    assertThat(requests()).hasSize(1);
  }

  private static Front front() {
    return fronts.get(Door.DIRECT);
  }

  private URI page(String name, Door door) {
    return pages.page(name, fronts.get(door).uri(), token);
  }

  private void openPlain(Door door) {
    browser.open(page("plain", door));
    browser.await("globalThis.page !== undefined");
  }

  /** Asks for four rows, and waits until the worker stands at the gate behind the second. */
  private void askForRows() {
    request(browser);
    browser.await("document.querySelector('progress').value === 45");
    browser.await("page.shown.rows.length === 2");
  }

  private void request(Browser tab) {
    var rows = JsonObject.of("rows", 4, "gate", gate, "gateAt", 2);
    tab.evaluate(
        "void page.request('conformance.rows', %s, {id: '%s', retry: 'job'})"
            .formatted(rows.encode(), gate));
  }

  private static void assertAllWasShownOnce() {
    assertThat(shown(browser, "rows")).isEqualTo(JsonArray.of(1, 2, 3, 4));
    assertThat(shown(browser, "bars").stream().map(bar -> ((Number) bar).doubleValue()))
        .as("the bar never goes back")
        .isSorted();
    assertThat(browser.evaluate("page.shown.error")).isNull();
  }

  private static JsonArray shown(Browser tab, String what) {
    return new JsonArray(
        String.valueOf(tab.evaluate("JSON.stringify(page.shown.%s)".formatted(what))));
  }

  private List<JsonObject> requests() {
    return sent.stream()
        .filter(seen -> "client".equals(seen.getString("door")))
        .map(seen -> seen.getJsonObject("frame"))
        .filter(frame -> "request".equals(frame.getString("type")))
        .toList();
  }

  private static void offline(boolean whether) {
    browser.call(
        "Network.emulateNetworkConditions",
        JsonObject.of(
            "offline", whether, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  private static void lifecycle(String state) {
    browser.call("Page.setWebLifecycleState", JsonObject.of("state", state));
  }
}
