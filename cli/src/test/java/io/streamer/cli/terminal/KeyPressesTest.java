package io.streamer.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyPressesTest {
  private final AtomicInteger kills = new AtomicInteger();

  @Test
  void aKeyCountsAtOnceWithOrWithoutEnter() throws IOException {
    try (var typing = new PipedOutputStream();
        var in = new PipedInputStream(typing)) {
      var keys = new KeyPresses(in, () -> true, Map.of('k', kills::incrementAndGet));
      keys.look();
      assertThat(kills).hasValue(0);
      type(typing, "k");
      keys.look();
      assertThat(kills).hasValue(1);
      type(typing, "q\r\nk\n");
      keys.look();
      assertThat(kills).hasValue(2);
    }
  }

  @Test
  void whatIsTypedForAnotherProcessIsLeftToIt() throws IOException {
    try (var typing = new PipedOutputStream();
        var in = new PipedInputStream(typing)) {
      var foreground = new AtomicBoolean();
      var keys = new KeyPresses(in, foreground::get, Map.of('k', kills::incrementAndGet));
      type(typing, "k");
      keys.look();
      assertThat(kills).hasValue(0);
      assertThat(in.available()).isEqualTo(1);
      foreground.set(true);
      keys.look();
      assertThat(kills).hasValue(1);
    }
  }

  @Test
  void anActionThatFailsLeavesTheKeys() throws IOException {
    try (var typing = new PipedOutputStream();
        var in = new PipedInputStream(typing)) {
      var keys =
          new KeyPresses(
              in,
              () -> true,
              Map.of(
                  'k',
                  () -> {
                    kills.incrementAndGet();
                    throw new IllegalStateException("no");
                  }));
      type(typing, "kk");
      keys.look();
      assertThat(kills).hasValue(2);
    }
  }

  @Test
  void aTerminalThatIsGoneIsNoFailure() throws IOException {
    var in = new PipedInputStream(new PipedOutputStream());
    in.close();
    new KeyPresses(in, () -> true, Map.of('k', kills::incrementAndGet)).look();
    assertThat(kills).hasValue(0);
  }

  private static void type(PipedOutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.US_ASCII));
    to.flush();
  }
}
