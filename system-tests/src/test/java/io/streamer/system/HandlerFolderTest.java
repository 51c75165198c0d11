package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.local.stage.Stage;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers from a folder of jars, on a class path that is not ours. */
@Timeout(60)
class HandlerFolderTest {
  @TempDir Path folder;

  @Test
  void itsHandlersFindTheServicesOfTheirOwnClassPath() throws Exception {
    new CompiledJar()
        .module("found.Module")
        .file("META-INF/services/io.streamer.gateway.action.VertxAction", "found.OnVertx\n")
        .file("META-INF/services/found.Speech", "found.Speech$Greeting\n")
        .source("found.Speech", SPEECH)
        .source("found.OnTheSpot", handler("OnTheSpot", "@Action(\"found.sync\")"))
        .source(
            "found.AsAJob", handler("AsAJob", "@Action(value = \"found.job\", expected = \"1m\")"))
        .source("found.OnVertx", ON_VERTX)
        .source("found.Module", MODULE)
        .write(folder.resolve("found.jar"));

    try (var stage = stage();
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      for (var action : new String[] {"found.sync", "found.vertx"}) {
        var answer = peer.request(action, action, new JsonObject()).answer(action);
        assertThat(answer.data().getString("value")).as(action).isEqualTo("hello, hello, hello");
      }
      var job = peer.request("r-1", "found.job", new JsonObject()).acknowledgment("r-1").jobId();
      assertThat(peer.terminal(job).result().getString("value")).isEqualTo("hello, hello, hello");

      var waiting =
          peer.request("r-2", "found.job", new JsonObject().put("wait", true))
              .acknowledgment("r-2")
              .jobId();
      Gates.pass("found waits");
      peer.send(new JsonObject().put("type", "cancel").put("id", "c-1").put("job_id", waiting));
      Gates.pass("found cancelled, hello");
    }
    Gates.pass("found closed, hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "static final int VALUE = Integer.parseInt(\"on purpose\");",
        "public Module() { throw new AssertionError(\"on purpose\"); }",
        "public Module() { throw new StackOverflowError(\"on purpose\"); }",
      })
  void aModuleThatCannotBeMadeEndsTheStartAndLeavesNoPortTaken(String member) throws Exception {
    new CompiledJar()
        .module("found.Module")
        .source(
            "found.Module",
            """
            package found;
            import io.streamer.handler.*;
            public final class Module implements HandlerModule {
              %s
              public void register(Handlers handlers, Config config) {}
            }
            """
                .formatted(member))
        .write(folder.resolve("found.jar"));
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    assertThatThrownBy(
            () -> Stage.start(LocalStage.options().apiPort(port).handlers(Optional.of(folder))))
        .hasMessageContaining("found.Module")
        .rootCause()
        .hasMessageContaining("on purpose");
    try (var again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void twoVersionsOfALibraryAreRefusedAtTheStart() throws Exception {
    new CompiledJar().file("a.txt", "1").write(folder.resolve("prices-1.0.jar"));
    new CompiledJar().file("a.txt", "2").write(folder.resolve("prices-1.1.jar"));

    assertThatThrownBy(this::stage)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("prices-1.0.jar")
        .hasMessageContaining("prices-1.1.jar");
  }

  private Stage stage() throws IOException {
    return Stage.start(LocalStage.options().handlers(Optional.of(folder)));
  }

  private static String handler(String type, String action) {
    return """
    package found;
    import io.streamer.handler.*;
    %s
    public final class %s implements Handler<RawJson, String>, AutoCloseable {
      private final String registered;
      private final String made = Speech.find();
      %s(String registered) { this.registered = registered; }
      public void close() { io.streamer.system.Gates.open("found closed, " + Speech.find()); }
      public String handle(RawJson request, Run run) throws InterruptedException {
        if (request.toString().contains("wait")) {
          run.onCancel(() -> { throw new NoClassDefFoundError("on purpose"); });
          run.onCancel(() -> io.streamer.system.Gates.open("found cancelled, " + Speech.find()));
          io.streamer.system.Gates.open("found waits");
          Thread.sleep(60_000);
        }
        return registered + ", " + made + ", " + Speech.find();
      }
    }
    """
        .formatted(action, type, type);
  }

  private static final String SPEECH =
      """
      package found;
      import java.util.ServiceLoader;
      public interface Speech {
        String say();
        static String find() {
          // as libraries look: in the context
          return ServiceLoader.load(Speech.class).findFirst().map(Speech::say).orElse("nothing");
        }
        final class Greeting implements Speech {
          public String say() { return "hello"; }
        }
      }
      """;

  private static final String MODULE =
      """
      package found;
      import io.streamer.handler.*;
      public final class Module implements HandlerModule {
        private final String made = Speech.find();
        public void register(Handlers handlers, Config config) {
          var found = made.equals("hello") ? Speech.find() : "the module did not";
          handlers.add(OnTheSpot.class, () -> new OnTheSpot(found));
          handlers.add(AsAJob.class, () -> new AsAJob(found));
        }
      }
      """;

  private static final String ON_VERTX =
      """
      package found;
      import io.streamer.gateway.action.VertxAction;
      import io.streamer.handler.*;
      import io.vertx.core.Future;
      @Action("found.vertx")
      public final class OnVertx extends VertxAction<RawJson, String> {
        @Override
        protected Future<String> handle(RawJson request, Run run) {
          return Future.succeededFuture(String.join(", ", Speech.find(), Speech.find(), Speech.find()));
        }
      }
      """;
}
