package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The images' JRE is linked from base images as companies change them. */
@Timeout(300)
class ImageLinkTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final String TRUSTED = "lib/security/cacerts";
  private static final String SECURITY = "conf/security/java.security";

  @TempDir Path folder;

  @Test
  void aChangedTrustStoreAndChangedSettingsComeAlong() throws Exception {
    assumeTrue(Files.exists(JDK.resolve("bin/jlink")), "this Java has no jlink");
    assumeFalse(Files.exists(JDK.resolve("jmods")), "jlink takes the files of jmods");
    var jdk = copied(folder.resolve("jdk"));
    Files.writeString(jdk.resolve(TRUSTED), "the company's");
    Files.writeString(
        jdk.resolve(SECURITY), "\nnetworkaddress.cache.ttl=7\n", StandardOpenOption.APPEND);

    var linked = folder.resolve("linked");
    var command = new ArrayList<>(List.of(jdk.resolve("bin/jlink").toString()));
    command.addAll(options());
    command.addAll(List.of("--add-modules", "java.base", "--output", linked.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("java.security has been modified");
    assertThat(linked.resolve(TRUSTED)).hasContent("the company's");
    assertThat(linked.resolve(SECURITY)).content().endsWith("\nnetworkaddress.cache.ttl=7\n");
  }

  /** What the Dockerfile passes to jlink, but for modules and output. */
  private static List<String> options() throws IOException {
    var call =
        Pattern.compile("jlink --add-modules \\S+ \\\\\\n +(.*) --output ")
            .matcher(Files.readString(Path.of("../Dockerfile")));
    assertThat(call.find()).as("jlink in the Dockerfile").isTrue();
    return List.of(call.group(1).split(" +"));
  }

  /** The JDK without its sources, links followed. */
  private static Path copied(Path target) throws IOException {
    try (var files = Files.walk(JDK, FileVisitOption.FOLLOW_LINKS)) {
      for (var file : files.filter(path -> !path.endsWith("src.zip")).toList()) {
        var copy = target.resolve(JDK.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return target;
  }
}
