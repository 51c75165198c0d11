package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/first-handler.md shows compiles, runs and exists. */
@Timeout(60)
class FirstHandlerPageTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TYPE = Pattern.compile("public final class (\\w+)");
  private static final Pattern COMMAND = Pattern.compile("(?m)^    \\./streamer (\\w+)");

  @TempDir Path folder;

  @Test
  void itsProjectCompilesAndAnswers() throws Exception {
    var jar = new CompiledJar().module("shop.Shop");
    var sources = snippets().stream().filter(text -> text.startsWith("package shop;")).toList();
    assertThat(sources).hasSize(2);
    sources.forEach(text -> jar.source("shop." + type(text), text));
    jar.write(folder.resolve("shop.jar"));

    try (var stage = Stage.start(LocalStage.options().handlers(Optional.of(folder)));
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var job =
          peer.request("r", "greet", new JsonObject().put("name", "Ada"))
              .acknowledgment("r")
              .jobId();
      assertThat(peer.terminal(job).result().getString("text")).isEqualTo("Hello, Ada");
    }
  }

  @Test
  void itsSingleFileAnswers() throws Exception {
    var text =
        snippets().stream().filter(one -> !one.startsWith("package")).findFirst().orElseThrow();
    Files.writeString(folder.resolve(type(text) + ".java"), text);
    var errors = new ArrayList<String>();

    try (var stage =
            Stage.start(
                LocalStage.options()
                    .handlers(Optional.of(folder))
                    .live(new LiveHandlers.Listener(_ -> {}, errors::add)));
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      assertThat(errors).isEmpty();
      var answer = peer.request("r", "greet", new JsonObject().put("name", "Ada")).answer("r");
      assertThat(answer.data().getString("value")).isEqualTo("Hello, Ada");
    }
  }

  @Test
  void itsCommandsAreTheLaunchers() throws Exception {
    var help = new ProcessBuilder(LocalStage.home().resolve("streamer").toString(), "help").start();
    var said = new String(help.getInputStream().readAllBytes(), UTF_8);
    var named = COMMAND.matcher(page()).results().map(found -> found.group(1)).distinct().toList();

    assertThat(named).contains("init", "dev", "request");
    assertThat(named).allSatisfy(command -> assertThat(said).contains("  " + command + " "));
  }

  private static String page() throws IOException {
    return Files.readString(LocalStage.home().resolve("docs/first-handler.md"));
  }

  private static List<String> snippets() throws IOException {
    return JAVA.matcher(page()).results().map((MatchResult found) -> found.group(1)).toList();
  }

  private static String type(String text) {
    var type = TYPE.matcher(text);
    assertThat(type.find()).as(text).isTrue();
    return type.group(1);
  }
}
