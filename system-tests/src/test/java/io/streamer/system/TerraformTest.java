package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What can be said of terraform's files without an account, where its tools are on the PATH. Plans
 * need the provider: they are tested where {@code TF_PLUGIN_DIR} names a folder that has it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TerraformTest {
  private static final Path FOLDER = Path.of("../terraform");

  private record Ended(int code, String output) {}

  @BeforeAll
  static void terraformIsHere() {
    assumeTrue(has("terraform"), "there is no terraform on the PATH: terraform/ is not checked");
  }

  @Test
  void theFilesHaveTerraformsForm() throws Exception {
    assertThat(run("terraform", "fmt", "-check", "-recursive", "-diff"))
        .isEqualTo(new Ended(0, ""));
  }

  @Test
  void whatCallsTheCodeIsPlannedAsTheCodeSays() throws Exception {
    assumeTrue(
        System.getenv("TF_PLUGIN_DIR") != null,
        "TF_PLUGIN_DIR names no folder with the provider: terraform's plans are not tested");
    assumeTrue(has("node"), "there is no node on the PATH: terraform/check.sh needs it");

    // the modules that read what the build writes; CI plans all
    var ended = run("sh", "check.sh", "modules/tables", "modules/api", "modules/worker");

    assertThat(ended.code()).as(ended.output()).isZero();
  }

  private static Ended run(String... command) throws Exception {
    var builder =
        new ProcessBuilder(List.of(command)).directory(FOLDER.toFile()).redirectErrorStream(true);
    builder.environment().put("CHECKPOINT_DISABLE", "1");
    // whatever the machine's owner has set may be gone
    builder.environment().remove("TF_CLI_CONFIG_FILE");
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private static boolean has(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .anyMatch(Files::isExecutable);
  }
}
