package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.soak.abuse.RawLink;
import io.streamer.soak.packed.PackedGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A gateway with the image's flags in the memory of a task holds sockets that say nothing. {@code
 * -Dstreamer.sockets=10000} has as many of them as the task definition lets in.
 */
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read from /proc")
@ExtendWith(LocalStage.class)
class IdleSocketsTest {
  private static final int SOCKETS = Integer.getInteger("streamer.sockets", 1_000);
  private static final long MEMORY = 1L << 30;

  /** Each is alive behind so many pings. */
  private static final int PINGS = 2;

  @Test
  void theyFitIntoATasksMemory() throws Exception {
    var settings = new HashMap<>(LocalStage.stage().settings());
    settings.put("STREAMER_MAX_CONNECTIONS", "10000");
    settings.put("STREAMER_HEARTBEAT", "5s");
    var links = new ArrayList<RawLink>();
    var pinged = new CountDownLatch(SOCKETS);
    try (var gateway = PackedGateway.start(command(), MEMORY, settings)) {
      for (int i = 0; i < SOCKETS; i++) {
        var link = RawLink.open(gateway.direct(), Tokens.fresh());
        links.add(link);
        Thread.ofVirtual().start(() -> answer(link, pinged));
      }
      assertThat(pinged.await(2, TimeUnit.MINUTES)).as("each was pinged").isTrue();
      assertThat(gateway.connections()).isEqualTo(SOCKETS);
      assertThat(gateway.mostMemory()).isPositive().isLessThan(MEMORY);
      System.out.printf(
          "%d idle sockets: at most %d MB resident of %d, more refused: %s%n",
          SOCKETS, gateway.mostMemory() >> 20, MEMORY >> 20, gateway.limited());
    } finally {
      for (var link : links) {
        link.close();
      }
    }
  }

  private static List<String> command() throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(PackedGateway.flags(LocalStage.home()));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("io.streamer.gateway.Main");
    return command;
  }

  /** As every WebSocket client does. */
  private static void answer(RawLink link, CountDownLatch pinged) {
    try {
      for (int pings = 0; ; ) {
        var frame = link.next();
        if (frame.opcode() == RawLink.PING) {
          link.frame(RawLink.PONG, frame.payload().getBytes());
          pings++;
          if (pings == PINGS) {
            pinged.countDown();
          }
        }
      }
    } catch (IOException _) {
      // closed
    }
  }
}
