package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The script that asks a deployment what an account alone can settle. What a client sees of it is
 * asked of the local stage: so the script works, and the stage answers as we take AWS to.
 */
@ExtendWith(LocalStage.class)
class ProofTest {
  private static final Path SCRIPT = Path.of("../terraform/examples/proof/proof.py");

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void whatAClientSeesIsAskedOfAStage() throws Exception {
    var seen = ask("1,2,3");

    assertThat(seen).allSatisfy(line -> assertThat(line.containsKey("seen")).isTrue());
    assertThat(seen).extracting(line -> line.getInteger("number")).containsExactly(1, 2, 3);
    assertThat(answer(seen, 0).getJsonObject("selected"))
        .isEqualTo(new JsonObject().put("direct", "streamer.v1").put("api", "streamer.v1"));
    var refused = answer(seen, 1).getJsonObject("refused");
    assertThat(refused.getJsonObject("direct").getInteger("status")).isEqualTo(401);
    assertThat(refused.getJsonObject("direct").getString("body")).isNotEmpty();
    assertThat(refused.getJsonObject("api").getInteger("status")).isEqualTo(401);
    // API Gateway hands on no more than the status
    assertThat(refused.getJsonObject("api").getString("body")).isEmpty();
    assertThat(answer(seen, 2).getJsonObject("types").fieldNames())
        .contains("acknowledgment", "complete")
        .doesNotContain("error");
  }

  private static JsonObject answer(List<JsonObject> lines, int index) {
    return lines.get(index).getJsonObject("seen");
  }

  private static List<JsonObject> ask(String questions) throws Exception {
    var python =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "python3"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(python.isPresent(), "there is no python3 on the PATH: proof.py is not run");
    var stage = LocalStage.stage();
    var builder =
        new ProcessBuilder(
                python.get().toString(),
                SCRIPT.toString(),
                "--direct",
                Door.DIRECT.of(stage).toString(),
                "--api",
                Door.API_GATEWAY.of(stage).toString(),
                "--only",
                questions)
            .redirectErrorStream(true);
    builder.environment().put("STREAMER_TOKEN", Tokens.fresh());
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().map(JsonObject::new).toList();
  }
}
