package io.streamer.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InvocationsTest {
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void pastTheLimitAStartIsRefusedAndAnEventWaits() throws InterruptedException {
    var invocations = new Invocations(1, 2);
    var ran = new CopyOnWriteArrayList<String>();
    assertThat(invocations.start(() -> block(ran, "running"))).isTrue();

    assertThat(invocations.start(() -> ran.add("refused"))).isFalse();
    assertThat(invocations.enqueue(() -> ran.add("first"))).isTrue();
    assertThat(invocations.enqueue(() -> ran.add("second"))).isTrue();
    assertThat(invocations.enqueue(() -> ran.add("too many"))).isFalse();

    release.countDown();
    assertThat(invocations.awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(ran).containsExactly("running", "first", "second");
  }

  @Test
  void aRunThatThrowsGivesItsPlaceBack() throws InterruptedException {
    var invocations = new Invocations(1, 1);
    var ran = new CopyOnWriteArrayList<String>();
    invocations.start(() -> block(ran, "running"));
    invocations.enqueue(() -> {
      throw new BrokenRunException();
    });
    release.countDown();
    assertThat(invocations.awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(invocations.start(() -> ran.add("next"))).isTrue();
    assertThat(invocations.awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(ran).isEqualTo(List.of("running", "next"));
  }

  @Test
  void waitingForIdleEndsWithItsLimit() throws InterruptedException {
    var invocations = new Invocations(1, 0);
    invocations.start(() -> block(new CopyOnWriteArrayList<>(), "running"));
    assertThat(invocations.awaitIdle(Duration.ofMillis(1))).isFalse();
    release.countDown();
  }

  private void block(List<String> ran, String name) {
    try {
      release.await();
      ran.add(name);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class BrokenRunException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
