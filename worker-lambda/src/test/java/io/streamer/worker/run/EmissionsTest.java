package io.streamer.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.streamer.handler.RawJson;
import io.streamer.shared.action.Stopped;
import io.streamer.testtools.Until;
import io.streamer.worker.run.Emissions.Emitted;
import io.streamer.worker.run.Emissions.Next;
import io.streamer.worker.time.Wakeup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class EmissionsTest {
  private static final RawJson ONE = RawJson.of("1");

  private final Wakeup bell = new Wakeup();
  private final Emissions emissions = new Emissions(bell);

  @Test
  void eventsComeOutAsTheyWentIn() throws InterruptedException {
    assertThat(emissions.next()).isEqualTo(Next.NOTHING);
    emissions.emit("a", ONE);
    bell.await(Long.MAX_VALUE);
    emissions.emit("b", ONE);
    assertThat(emissions.next()).isEqualTo(Next.EVENTS);
    assertThat(emissions.events()).extracting(Emitted::name).containsExactly("a", "b");
    assertThat(emissions.next()).isEqualTo(Next.NOTHING);
  }

  @Test
  void aCheckpointWaitsForTheEventsBeforeItAndHurriesThem() throws Exception {
    emissions.emit("a", ONE);
    var goesOn = CompletableFuture.supplyAsync(() -> emissions.reach(ONE));
    await(Next.EVENTS_NOW);
    assertThat(emissions.checkpoint()).isEmpty();
    assertThat(emissions.events()).hasSize(1);
    assertThat(emissions.next()).isEqualTo(Next.CHECKPOINT);
    assertThat(emissions.events()).isEmpty();
    var reached = emissions.checkpoint().orElseThrow();
    assertThat(goesOn).isNotDone();
    reached.stored(false);
    assertThat(goesOn.get()).isFalse();
  }

  @Test
  void aChunkIsNoLargerThanTheStoreTakes() {
    var large = RawJson.of("\"" + "x".repeat(60_000) + "\"");
    for (int i = 0; i < 5; i++) {
      emissions.emit("a", large);
    }
    assertThat(emissions.next()).isEqualTo(Next.EVENTS_NOW);
    assertThat(emissions.events()).hasSize(4);
    assertThat(emissions.next()).isEqualTo(Next.EVENTS);
    assertThat(emissions.events()).hasSize(1);
  }

  @Test
  void whoEmitsFasterThanIsTakenWaits() throws Exception {
    var emitted = new AtomicInteger();
    var handler =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 1_001; i++) {
            emissions.emit("a", ONE);
            emitted.incrementAndGet();
          }
        });
    await(Next.EVENTS_NOW);
    assertThat(emitted.get()).isLessThanOrEqualTo(1_000);
    assertThat(handler).isNotDone();
    assertThat(emissions.events()).hasSize(1_000);
    handler.get();
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 240_000, 600_000, 2_000_000})
  void whatWaitsToBeTakenIsNoMoreThanAMegabyteUnlessOneEventAloneIs(int bytes)
      throws InterruptedException {
    var large = RawJson.of("\"" + "x".repeat(bytes) + "\"");
    int most = Math.max(1, (1 << 20) / (bytes + 100));
    var emitted = new AtomicInteger();
    var handler =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i <= most; i++) {
                emissions.emit("a", large);
                emitted.incrementAndGet();
              }
            });
    Until.matches(
        "it waits or is through",
        handler::getState,
        state -> state == Thread.State.WAITING || state == Thread.State.TERMINATED);
    assertThat(emitted).hasValue(most);
    assertThat(emissions.events()).isNotEmpty();
    handler.join();
    assertThat(emitted).hasValue(most + 1);
  }

  @Test
  void whoWaitsWhenTheRunEndsHearsOfIt() throws Exception {
    var handler = CompletableFuture.supplyAsync(() -> emissions.reach(ONE));
    await(Next.CHECKPOINT);
    emissions.close();
    assertThat(handler.handle((_, thrown) -> thrown.getCause()).get()).isInstanceOf(Stopped.class);
    assertThat(emissions.next()).isEqualTo(Next.NOTHING);
    assertThatExceptionOfType(Stopped.class).isThrownBy(() -> emissions.emit("late", ONE));
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() throws Exception {
    var kept = new CompletableFuture<Boolean>();
    var handler =
        Thread.ofVirtual()
            .start(() -> {
              try {
                emissions.reach(ONE);
              } catch (Stopped _) {
                kept.complete(Thread.currentThread().isInterrupted());
              }
            });
    await(Next.CHECKPOINT);
    handler.interrupt();
    assertThat(kept.get()).isTrue();
  }

  private void await(Next next) {
    Until.matches("it is " + next, emissions::next, is -> is == next);
  }
}
