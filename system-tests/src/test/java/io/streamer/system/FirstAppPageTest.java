package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of docs/first-app.md, as a reader saves them, do what the page says of them. */
@Timeout(120)
class FirstAppPageTest {
  /** A file's name in the text, and the block that is to be in it. */
  private static final Pattern FILE =
      Pattern.compile("`\\.\\./parcels/(\\S+)`[^\n]*:\n\n```\\w+\n(.*?)```", Pattern.DOTALL);

  @TempDir static Path folder;

  private static final List<String> SAID = new CopyOnWriteArrayList<>();
  private static volatile Duration later = Duration.ZERO;
  private static Stage stage;

  @BeforeAll
  static void follow() throws IOException {
    var page = Files.readString(LocalStage.home().resolve("docs/first-app.md"));
    FILE.matcher(page)
        .results()
        .forEach(found -> save(folder.resolve(found.group(1)), found.group(2)));
    stage =
        Stage.start(
            LocalStage.options()
                .demo(false)
                .handlers(Optional.of(folder))
                // the gateway's clock is the test's: nobody waits for a lease to be over
                .clock(() -> Instant.now().plus(later))
                .settings(Map.of("STREAMER_HEARTBEAT", "1d"))
                .live(new LiveHandlers.Listener(_ -> {}, SAID::add)));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void itsHandlersAnswerOnTheSpotAndAsAJob() {
    assertThat(SAID).isEmpty();
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var price = peer.request("p", "price", JsonObject.of("pieces", 3)).answer("p");
      assertThat(price.data()).isEqualTo(JsonObject.of("cents", 750));

      var job = peer.request("j", "pack", JsonObject.of("pieces", 1)).acknowledgment("j").jobId();
      assertThat(peer.terminal(job).result()).isEqualTo(JsonObject.of("packed", 1));
    }
  }

  @Test
  void itsPageShowsAPriceAndABarOverAReloadAndAKill(@TempDir Path profile) throws Exception {
    var chromium = Chromium.find();
    assumeTrue(chromium.isPresent(), "not opened: none of " + Chromium.NAMES + " is on the PATH");
    try (var browser = Browser.start(chromium.get(), profile)) {
      browser.open(stage.page().orElseThrow());
      browser.await(text("#price") + " === '50.00 dollars'");
      type(browser, "0");
      browser.await(text("#price") + ".includes('pieces')");
      type(browser, "8");
      browser.await(text("#price") + " === '20.00 dollars'");

      browser.evaluate("document.querySelector('button').click()");
      browser.await("document.querySelector('#bar').value > 0");
      browser.reload();
      browser.await("document.querySelector('#bar').value > 20");
      assertThat(stage.killWorkers()).hasSize(1);
      later = Duration.ofHours(1);
      stage.runDue();
      browser.await(text("#said") + ".endsWith('attempt 2')");
      browser.await(text("#said") + " === 'All 8 are packed.'");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void type(Browser browser, String pieces) {
    browser.evaluate(
        "document.querySelector('#pieces').value = '"
            + pieces
            + "'; document.querySelector('#pieces').dispatchEvent(new Event('input'))");
  }

  private static String text(String selector) {
    return "document.querySelector('" + selector + "').textContent";
  }

  private static void save(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }
}
