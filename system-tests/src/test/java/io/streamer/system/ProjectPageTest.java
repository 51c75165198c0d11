package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page that a folder of handlers brings along. */
@Timeout(60)
class ProjectPageTest {
  @TempDir static Path project;

  private static Stage stage;

  @BeforeAll
  static void start() throws IOException {
    var page = Files.createDirectories(project.resolve("page"));
    Files.writeString(page.resolve("index.html"), "<title>Mine</title>");
    Files.writeString(page.resolve("main.js"), "one();");
    Files.writeString(page.resolve(".env"), "KEY=hidden");
    Files.writeString(project.resolve(".env"), "KEY=secret");
    stage = Stage.start(LocalStage.options().handlers(Optional.of(project)));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void itsFilesAreServedWithTheirTypesAndNeverKept() throws IOException {
    assertThat(stage.page()).contains(stage.console().resolve("/page/"));

    var page = ask("/page/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("<title>Mine</title>");
    assertThat(page.headers())
        .anyMatch(header -> header.toLowerCase(Locale.ROOT).startsWith("content-type: text/html"))
        .contains("Cache-Control: no-store")
        .contains("Content-Security-Policy: frame-ancestors 'none'");
    assertThat(ask("/page/main.js").headers())
        .anyMatch(header ->
            header
                .toLowerCase(Locale.ROOT)
                .matches("content-type: (text|application)/javascript.*"));
  }

  @Test
  void withoutItsSlashItLeadsThere() throws IOException {
    var answer = ask("/page");

    assertThat(answer.status()).isEqualTo(308);
    assertThat(answer.headers()).contains("Location: /page/");
  }

  @Test
  void whatIsSavedCountsWithTheNextLoad() throws IOException {
    var added = project.resolve("page/added.js");
    Files.writeString(added, "first();");
    assertThat(ask("/page/added.js").body()).contains("first();");

    Files.writeString(added, "second();");
    assertThat(ask("/page/added.js").body()).contains("second();");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/.env",
        "/page/../.env",
        "/page/..%2f.env",
        "/page/%2e%2e/.env",
        "/page/..%5c.env",
        "/page/none.js"
      })
  void nothingElseIsServed(String path) throws IOException {
    var answer = ask(path);

    assertThat(answer.status()).isBetween(400, 404);
    assertThat(answer.body()).doesNotContain("KEY=");
  }

  @Test
  void otherHostsAndOtherSitesScriptsAreRefused() throws IOException {
    assertThat(PlainHttp.ask(port(), "GET", "/page/", "rebound.example:" + port()).status())
        .isEqualTo(403);
    assertThat(ask("/page/main.js", "Sec-Fetch-Site: cross-site").status()).isEqualTo(403);
  }

  @Test
  void aLinkFromAnotherSiteLeadsToIt() throws IOException {
    assertThat(ask("/page/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate").status())
        .isEqualTo(200);
  }

  @Test
  void aFolderWithoutAPageHasNone(@TempDir Path bare) throws IOException {
    try (var other = Stage.start(LocalStage.options().handlers(Optional.of(bare)))) {
      int port = other.console().getPort();

      assertThat(other.page()).isEmpty();
      assertThat(PlainHttp.ask(port, "GET", "/page/", "127.0.0.1:" + port).status()).isEqualTo(404);
    }
  }

  private static PlainHttp.Answer ask(String path, String... headers) throws IOException {
    return PlainHttp.ask(port(), "GET", path, "127.0.0.1:" + port(), headers);
  }

  private static int port() {
    return stage.console().getPort();
  }
}
