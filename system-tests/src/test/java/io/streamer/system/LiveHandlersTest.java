package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of handlers that changes while the stage serves it. */
@Timeout(120)
class LiveHandlersTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final JsonObject NOTHING = new JsonObject();

  @TempDir Path folder;
  private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> errors = new LinkedBlockingQueue<>();
  private final String test = UUID.randomUUID().toString();

  @ParameterizedTest
  @ValueSource(strings = {"0s", "1m"})
  void whatRunsEndsWithTheCodeItStartedWithAndTheNextRunHasTheNewOne(String expected)
      throws Exception {
    save("Slow.java", slow(expected, "old"));
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      peer.request("first", "slow", new JsonObject().put("gate", test));
      Gates.pass(test + "old began");

      save("Slow.java", slow(expected, "new"));
      until(peer, "slow", value("new"));
      assertThat(changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("reloaded: slow (Slow.java)");
      assertThat(Gates.isOpen(test + "old closed")).isFalse();

      Gates.open(test);
      assertThat(value(peer, "first")).isEqualTo("old");
      Gates.pass(test + "old closed");
      assertThat(Gates.isOpen(test + "new closed")).isFalse();
    }
    Gates.pass(test + "new closed");
  }

  @Test
  void anErrorIsToldWithItsLineAndTheOldVersionStays() throws Exception {
    save("Greet.java", greet("Greet", "greet", "\"hello\""));
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      save("Greet.java", greet("Greet", "greet", "\"hello\" +"));
      assertThat(error()).contains(folder.resolve("Greet.java") + ":6: ");
      assertThat(ask(peer, "greet")).matches(value("hello"));

      save("Greet.java", greet("Greet", "greet", "\"good day\""));
      until(peer, "greet", value("good day"));
    }
  }

  @Test
  void aHandlerThatCannotBeMadeIsToldAndTheOldVersionStays() throws Exception {
    save("Greet.java", greet("Greet", "greet", "\"hello\""));
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      save(
          "Greet.java",
          greet("Greet", "greet", "\"never\"")
              .replace(
                  "/*more*/", "public Greet() { throw new IllegalStateException(\"no key\"); }"));
      assertThat(error()).contains("Greet.java").contains("no key").contains("Greet.java:4");
      assertThat(ask(peer, "greet")).matches(value("hello"));
    }
  }

  @Test
  void aFileThatAppearsIsServedAndOneThatIsDeletedIsNot() throws Exception {
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      assertThat(ask(peer, "greet")).matches(LiveHandlersTest::isUnknown);

      save("Greet.java", greet("Greet", "greet", "\"hello\""));
      until(peer, "greet", value("hello"));
      save("Part.java", slow("1m", "job").replace("Slow", "Part"));
      until(peer, "slow", value("job"));

      Files.delete(folder.resolve("Greet.java"));
      until(peer, "greet", LiveHandlersTest::isUnknown);
      assertThat(ask(peer, "slow")).matches(value("job"));
      assertThat(changes)
          .containsExactly(
              "added: greet (Greet.java)",
              "added: slow (Part.java)",
              "removed: greet (Greet.java)");
    }
  }

  @Test
  void anActionThatAnotherFileServesIsRefusedUntilItIsFree() throws Exception {
    save("Greet.java", greet("Greet", "greet", "\"first\""));
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      save("Second.java", greet("Second", "greet", "\"second\""));
      assertThat(error())
          .contains("\"greet\" is served twice")
          .contains("Greet.java")
          .contains("Second.java");
      assertThat(ask(peer, "greet")).matches(value("first"));

      save("Greet.java", greet("Greet", "first", "\"first\""));
      until(peer, "greet", value("second"));
      assertThat(ask(peer, "first")).matches(value("first"));
    }
  }

  @Test
  void twentyQuickSavesEndInTheLastVersion() throws Exception {
    save("Greet.java", greet("Greet", "greet", "\"none\""));
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      for (int i = 1; i <= 20; i++) {
        // as editors do: by turns in place and by a rename
        if (i % 2 == 0) {
          save("Greet.java", greet("Greet", "greet", "\"" + i + "\""));
        } else {
          Files.writeString(folder.resolve("Greet.java"), greet("Greet", "greet", "\"" + i + "\""));
        }
        ask(peer, "greet");
      }
      until(peer, "greet", value("20"));
      assertThat(errors).isEmpty();
    }
  }

  @Test
  void aJarThatIsReplacedIsServedAndTheSourcesThatUseItToo() throws Exception {
    jar("one");
    save("Uses.java", greet("Uses", "uses", "packed.Text.VALUE.get()"));
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      assertThat(ask(peer, "packed")).matches(value("one"));
      assertThat(ask(peer, "uses")).matches(value("one"));

      jar("two");
      until(peer, "packed", value("two"));
      until(peer, "uses", value("two"));
    }
  }

  @Test
  void aModuleInTheFileRegistersItsHandlers() throws Exception {
    save(
        "Shop.java",
        """
        package shop;
        import io.streamer.handler.*;
        public final class Shop implements HandlerModule {
          public void register(Handlers handlers, Config config) {
            handlers.add(Buy.class, () -> new Buy("bought "));
          }
          @Action("buy")
          public record Buy(String prefix) implements Handler<RawJson, String> {
            public String handle(RawJson request, Run run) { return prefix + request; }
          }
        }
        """);
    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      assertThat(ask(peer, "buy")).matches(value("bought {}"));
    }
  }

  @Test
  void aFileWithoutAHandlerIsToldWhatItLacks() throws Exception {
    save("Nothing.java", "class Nothing {}");
    save("Needy.java", greet("Needy", "needy", "\"\"").replace("/*more*/", "Needy(int i) {}"));
    try (var stage = stage()) {
      assertThat(errors)
          .anySatisfy(line -> assertThat(line).contains("Nothing.java").contains("@Action"))
          .anySatisfy(line -> assertThat(line).contains("Needy.java").contains("parameters"));
      assertThat(stage.actions()).doesNotContain("needy");
    }
  }

  private Stage stage() {
    return Stage.start(
        LocalStage.options()
            .handlers(Optional.of(folder))
            .live(new LiveHandlers.Listener(changes::add, errors::add)));
  }

  private String error() throws InterruptedException {
    var line = errors.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(line).as("an error").isNotNull();
    return line;
  }

  /** Asks until the answer is the one that is waited for. */
  private static void until(Peer peer, String action, Predicate<Frame> wanted) {
    Until.matches(action + " answers so", () -> ask(peer, action), wanted);
  }

  /** Asks, and waits for the end. */
  private static Frame ask(Peer peer, String action) {
    var id = UUID.randomUUID().toString();
    return end(peer.request(id, action, NOTHING), id);
  }

  private static Frame end(Peer peer, String id) {
    var answer = peer.answer(id);
    return answer.is("acknowledgment") ? peer.terminal(answer.jobId()) : answer;
  }

  private static String value(Peer peer, String id) {
    return valueOf(end(peer, id));
  }

  private static String valueOf(Frame frame) {
    var result = frame.isTerminal() ? frame.result() : frame.data();
    return result == null ? null : result.getString("value");
  }

  private static Predicate<Frame> value(String expected) {
    return frame -> expected.equals(valueOf(frame));
  }

  private static boolean isUnknown(Frame frame) {
    return frame.is("error") && frame.code().equals("INVALID_ACTION");
  }

  /** As most editors save: beside, and then in its place. */
  private void save(String name, String text) throws IOException {
    var next = Files.writeString(folder.resolve(name + "~"), text);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void jar(String value) throws IOException {
    var next =
        new CompiledJar()
            .module("packed.Module")
            .source(
                "packed.Text",
                """
                package packed;
                public final class Text {
                  public static final java.util.function.Supplier<String> VALUE = () -> "%s";
                }
                """
                    .formatted(value))
            .source(
                "packed.Packed",
                "package packed;\n" + greet("Packed", "packed", "Text.VALUE.get()"))
            .source(
                "packed.Module",
                """
                package packed;
                import io.streamer.handler.*;
                public final class Module implements HandlerModule {
                  public void register(Handlers handlers, Config config) {
                    handlers.add(Packed.class, Packed::new);
                  }
                }
                """)
            .write(Files.createDirectories(folder.resolve("made")).resolve("packed.zip"));
    Files.move(next, folder.resolve("packed.jar"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String greet(String type, String action, String text) {
    return """
    import io.streamer.handler.*;
    @Action("%s")
    public final class %s implements Handler<RawJson, String> {
      /*more*/
      public String handle(RawJson request, Run run) {
        return %s;
      }
    }
    """
        .formatted(action, type, text);
  }

  /** Waits at the test's gate if it is asked to; tells when it is closed. */
  private String slow(String expected, String version) {
    return """
    import io.streamer.handler.*;
    import io.streamer.system.Gates;
    @Action(value = "slow", expected = "%1$s")
    public final class Slow implements Handler<Slow.Request, String>, AutoCloseable {
      public record Request(java.util.Optional<String> gate) {}
      public String handle(Request request, Run run) throws Exception {
        if (request.gate().isPresent()) {
          Gates.open("%2$s%3$s began");
          Gates.pass(request.gate().get());
        }
        return "%3$s";
      }
      public void close() { Gates.open("%2$s%3$s closed"); }
    }
    """
        .formatted(expected, test, version);
  }
}
