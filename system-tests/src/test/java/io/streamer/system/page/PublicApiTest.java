package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.client.StreamerClient;
import io.streamer.handler.Handler;
import io.streamer.test.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What handlers and clients compile against stands in files, so that a change of it is seen in
 * review and by a release; -Dstreamer.rewrite=true makes them.
 */
class PublicApiTest {
  @ParameterizedTest
  @CsvSource({
    "handler,io.streamer.handler.Handler",
    "handler-test,io.streamer.test.TestRun",
    "stage-test,io.streamer.test.stage.StageExtension",
    "clients/java,io.streamer.client.StreamerClient",
    "clients/java-okhttp,io.streamer.client.okhttp.OkHttpTransport"
  })
  void whatOthersCompileAgainstIsWhatTheFileSays(String module, String any) throws Exception {
    var file = Path.of("..", module, "api.txt");
    var api = PublicApi.of(Class.forName(any));
    if (Boolean.getBoolean("streamer.rewrite")) {
      Files.writeString(file, api);
    }
    assertThat(file)
        .as(
            "-Dtest=PublicApiTest -Dstreamer.rewrite=true makes %s anew; a line that went or changed"
                + " breaks those who compiled against it, and a release has to say so",
            file)
        .hasContent(api);
  }

  /** The page of the handlers' own types is made from theirs, and cannot do without it either. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "handler/src/main/java/io/streamer/handler",
        "handler-test/src/main/java/io/streamer/test",
        "stage-test/src/main/java/io/streamer/test/stage",
        "clients/java/src/main/java/io/streamer/client",
        "clients/java-okhttp/src/main/java/io/streamer/client/okhttp"
      })
  void eachTypeAndMemberThatOthersSeeHasItsJavadoc(String folder) throws IOException {
    assertThat(new JavaPage(Path.of("..", folder)).text()).contains("## ");
  }

  @Test
  void typesMembersAndDefaultsAreInIt() {
    assertThat(PublicApi.of(Handler.class))
        .contains(
            "io.streamer.handler.Handler | public abstract interface io.streamer.handler.Handler<",
            "io.streamer.handler.Run | ",
            "io.streamer.handler.Action | public abstract int"
                + " io.streamer.handler.Action.progressPerSecond() default 10",
            "io.streamer.handler.Failure | public");
    assertThat(PublicApi.of(TestRun.class)).contains("io.streamer.test.TestRun | public");
  }

  @Test
  void whatIsNotForOthersIsNotInIt() throws IOException {
    assertThat(PublicApi.of(TestRun.class)).doesNotContain("io.streamer.test.RecordedRun |");
    assertThat(PublicApi.of(Handler.class)).doesNotContain("private", "lambda$", "package-info");
    // neither as a type nor in a signature
    assertThat(PublicApi.of(StreamerClient.class)).doesNotContain(".internal.");
  }
}
