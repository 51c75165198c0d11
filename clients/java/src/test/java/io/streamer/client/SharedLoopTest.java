package io.streamer.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.client.internal.Loop;
import io.streamer.client.internal.SharedLoop;
import io.streamer.client.internal.SharedThreads;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class SharedLoopTest {
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Loop loop = new SharedLoop(new SharedThreads(), failures::add);
  private final Loop other = new SharedLoop(new SharedThreads(), failures::add);

  @Test
  void tasksRunOneAtATimeInTheirOrderEachOnTheLoop() throws Exception {
    var seen = new ArrayList<Integer>();
    var over = new CompletableFuture<Boolean>();
    for (int n = 0; n < 1_000; n++) {
      int number = n;
      loop.run(() -> seen.add(number));
    }
    loop.run(() -> over.complete(loop.here() && !other.here()));
    assertThat(over.get()).isTrue();
    assertThat(seen).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    assertThat(loop.here()).isFalse();
  }

  @Test
  void aTaskThatKeepsItsThreadHoldsUpNoOtherClientsTimes() throws Exception {
    var gate = new CountDownLatch(1);
    var late = new CompletableFuture<Boolean>();
    try {
      loop.run(() -> {
        await(gate);
        late.complete(true);
      });
      var due = new CompletableFuture<Boolean>();
      // again and again, as heartbeats are
      other.after(1, () -> other.after(1, () -> due.complete(true)));
      assertThat(due.get()).isTrue();
      assertThat(late).isNotDone();
    } finally {
      gate.countDown();
    }
    assertThat(late.get()).isTrue();
  }

  @Test
  void whatIsCancelledWhenItsTimeHasComeAndWaitsForItsTurnDoesNotRun() throws Exception {
    var ran = new CompletableFuture<Boolean>();
    loop.run(() -> {
      var timer = loop.after(0, () -> ran.complete(true));
      // the clock comes to this behind the other
      var passed = new CountDownLatch(1);
      other.after(1, passed::countDown);
      await(passed);
      timer.cancel();
      loop.run(() -> ran.complete(false));
    });
    assertThat(ran.get()).isFalse();
  }

  @Test
  void aTaskThatFailsIsToldAndTheNextOneRuns() throws Exception {
    var next = new CompletableFuture<Boolean>();
    loop.run(() -> {
      throw new IllegalStateException("torn");
    });
    loop.run(() -> next.complete(true));
    assertThat(next.get()).isTrue();
    assertThat(failures).singleElement().asString().contains("torn");
  }

  static List<Throwable> failuresOfAnyKind() {
    return List.of(
        new IllegalStateException("torn"),
        new IOException("a checked one, as Kotlin throws it"),
        new LinkageError("an error"));
  }

  /** Also where whoever is told of it fails as well. */
  @ParameterizedTest
  @MethodSource("failuresOfAnyKind")
  void nothingThatIsThrownKeepsTheNextTaskFromRunning(Throwable failure) throws Exception {
    var deaf =
        new SharedLoop(
            new SharedThreads(),
            why -> {
              throw new IllegalStateException("the log is full");
            });
    for (var one : List.of(loop, deaf)) {
      var next = new CompletableFuture<Boolean>();
      one.run(() -> {
        Thread.currentThread()
            .setUncaughtExceptionHandler((thread, why) -> {
              throw new IllegalStateException("nor does this hear");
            });
        SharedLoopTest.<RuntimeException>thrown(failure);
      });
      one.run(() -> {
        Thread.currentThread().setUncaughtExceptionHandler(null);
        next.complete(true);
      });
      assertThat(next.get()).isTrue();
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void thrown(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void whatACallerGaveRunsWithTheClassLoaderOfWhoMadeTheClient() throws Exception {
    var own = Thread.currentThread();
    var before = own.getContextClassLoader();
    try (var loader = new URLClassLoader(new URL[0], before)) {
      own.setContextClassLoader(loader);
      var threads = new SharedThreads();
      own.setContextClassLoader(before);
      var seen = new CompletableFuture<ClassLoader>();
      threads.execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
      assertThat(seen.get()).isSameAs(loader);
    } finally {
      own.setContextClassLoader(before);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
