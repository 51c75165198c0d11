package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever holds data in terraform's modules takes a key of the customer's own. */
class TerraformKeysTest {
  private static final Path TERRAFORM = Path.of("../terraform");

  /** A block at the margin, up to the brace that closes it there. */
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^(\\w+ \"[^{]*\") \\{\\n((?:.*\\n)*?)^\\}");

  private record Block(String head, String body) {}

  @Test
  void eachLogTakesTheKeyOfLogs() throws IOException {
    assertThat(resources("aws_cloudwatch_log_group"))
        .hasSize(3)
        .allSatisfy(log -> says(log, "kms_key_id", "var.log_kms_key_arn"));
  }

  @Test
  void eachQueueTakesTheKeyOfData() throws IOException {
    assertThat(resources("aws_sqs_queue"))
        .isNotEmpty()
        .allSatisfy(queue -> says(queue, "kms_master_key_id", "var.kms_key_arn"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "prod"})
  void eachEnvironmentHandsItsKeysOn(String environment) throws IOException {
    var modules = blocks(TERRAFORM.resolve("envs").resolve(environment).resolve("main.tf"));
    for (var key : List.of("kms_key_arn", "log_kms_key_arn")) {
      var takers = modules.stream().filter(module -> takes(module, key)).map(Block::head).toList();
      assertThat(takers).as("modules that take %s", key).hasSize(3);
      assertThat(modules)
          .filteredOn(module -> takers.contains(module.head()))
          .allSatisfy(module -> says(module, key, "var." + key));
    }
  }

  /** Whether the module that is called has a variable of that name. */
  private static boolean takes(Block call, String variable) {
    var source = Pattern.compile("source = \"\\.\\./\\.\\./(modules/\\w+)\"").matcher(call.body());
    if (!source.find()) {
      return false;
    }
    try {
      return Files.readString(TERRAFORM.resolve(source.group(1)).resolve("variables.tf"))
          .contains("variable \"" + variable + "\"");
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static void says(Block block, String argument, String value) {
    assertThat(block.body())
        .as(block.head())
        .containsPattern("(?m)^  " + argument + " += " + Pattern.quote(value) + "$");
  }

  private static List<Block> resources(String type) throws IOException {
    var found = new ArrayList<Block>();
    try (var files = Files.walk(TERRAFORM.resolve("modules"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".tf")).toList()) {
        blocks(file).stream()
            .filter(block -> block.head().startsWith("resource \"" + type + "\""))
            .forEach(found::add);
      }
    }
    return found;
  }

  private static List<Block> blocks(Path file) throws IOException {
    return BLOCK
        .matcher(Files.readString(file))
        .results()
        .map(block -> new Block(block.group(1), block.group(2)))
        .toList();
  }
}
