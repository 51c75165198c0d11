package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.soak.packed.ImageFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway's image promises no more than its memory holds. */
class ImageMemoryTest {
  /**
   * The smallest container that the page on images names, and what it says is left for the rest.
   */
  private static final int LEAST_MB = 512;

  private static final int REST_MB = 100;

  private static List<String> flags() throws IOException {
    return ImageFlags.of(Path.of(".."), "gateway");
  }

  private static int number(String flag, String unit) throws IOException {
    var values =
        flags().stream()
            .filter(one -> one.startsWith(flag + "=") && one.endsWith(unit))
            .map(one -> one.substring(flag.length() + 1, one.length() - unit.length()))
            .toList();
    assertThat(values).as(flag).hasSize(1);
    return Integer.parseInt(values.getFirst());
  }

  @Test
  void heapAndBuffersLeaveRoomInTheSmallestContainer() throws IOException {
    int heap = LEAST_MB * number("-XX:MaxRAMPercentage", "") / 100;
    int buffers = number("-XX:MaxDirectMemorySize", "m");

    assertThat(heap + buffers + REST_MB).isLessThanOrEqualTo(LEAST_MB);
  }

  /** An event loop that died of it would leave a process that is well and serves nobody. */
  @Test
  void outOfMemoryTheProcessEnds() throws IOException {
    assertThat(flags()).contains("-XX:+ExitOnOutOfMemoryError");
  }

  @ParameterizedTest
  @CsvSource({"64m, 4096", "256m, 16384", "4g, 50000"})
  void unsetTheMostConnectionsFollowTheHeap(String heap, String connections) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    // what is asked of it is then what there is, to the byte
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseG1GC", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(MostConnections.class.getName());
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
    var process = builder.start();
    process.getOutputStream().close();
    var printed = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(printed.lines()).last().isEqualTo(connections);
  }
}
