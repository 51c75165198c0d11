package io.streamer.shared.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RunInAJobTest {
  private record Cursor(int page) {}

  private static class OnTheSpot extends BoundedRun {
    final List<String> said = new ArrayList<>();

    OnTheSpot(int attempt) {
      super("r1", attempt, new Caller("acme", "ann", Set.of()), Instant.MAX, Map.of());
    }

    @Override
    protected void reported(double percentage, String message) {
      said.add(percentage + " " + message);
    }

    @Override
    protected StoredFile store(String name, String contentType, FileWriter writer) {
      throw new AssertionError("no file is written here");
    }
  }

  /** A job's run that keeps what it is given in memory. */
  private static final class InAJob extends OnTheSpot {
    final Map<String, RawJson> steps;
    Optional<RawJson> checkpoint = Optional.empty();
    boolean timeIsUp;

    InAJob(int attempt, Map<String, RawJson> steps) {
      super(attempt);
      this.steps = steps;
    }

    @Override
    protected void emitted(String name, RawJson data) {
      said.add(name + " " + data);
    }

    @Override
    protected Optional<RawJson> restored() {
      return checkpoint;
    }

    @Override
    protected void reached(RawJson value) {
      checkpoint = Optional.of(value);
      if (timeIsUp) {
        throw outOfTime();
      }
    }

    @Override
    protected Optional<RawJson> stepped(String name) {
      return Optional.ofNullable(steps.get(name));
    }

    @Override
    protected RawJson keepStep(String name, RawJson result) {
      steps.putIfAbsent(name, result);
      return steps.getOrDefault(name, result);
    }
  }

  private final InAJob job = new InAJob(1, new HashMap<>());

  @Test
  void eventsGoOutAsJson() {
    job.emit("page", new Cursor(3));
    job.emit("line", "text");
    assertThat(job.said).containsExactly("page {\"page\":3}", "line \"text\"");
  }

  @Test
  void eventsHaveTheirBounds() {
    assertThatThrownBy(() -> job.emit("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> job.emit("e".repeat(65), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> job.emit("e", "x".repeat(65_536)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 KB");
    assertThat(job.said).isEmpty();
  }

  @Test
  void aCheckpointComesBackAsItsType() {
    assertThat(job.checkpoint(Cursor.class)).isEmpty();
    job.checkpoint(new Cursor(7));
    assertThat(job.checkpoint(Cursor.class)).contains(new Cursor(7));
    assertThatThrownBy(() -> job.checkpoint(String.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("String");
  }

  @Test
  void runningOutOfTimeIsNoException() {
    job.timeIsUp = true;
    try {
      job.checkpoint(new Cursor(7));
      throw new AssertionError("it returned");
    } catch (Exception e) {
      throw new AssertionError("a handler would have swallowed it", e);
    } catch (Error e) {
      assertThat(BoundedRun.isOutOfTime(e)).isTrue();
    }
  }

  @Test
  void aStepIsDoneOnceAndItsKeyIsTheSameInEveryAttempt() throws Exception {
    var keys = new ArrayList<String>();
    var first =
        job.step(
            "charge",
            Cursor.class,
            key -> {
              keys.add(key);
              return new Cursor(1);
            });
    assertThat(first).isEqualTo(new Cursor(1));
    var again = new InAJob(2, job.steps);
    assertThat(again.step("charge", Cursor.class, _ -> new Cursor(99))).isEqualTo(first);
    var crashed = new InAJob(2, new HashMap<>());
    crashed.step(
        "charge",
        Cursor.class,
        key -> {
          keys.add(key);
          return new Cursor(1);
        });
    crashed.step(
        "mail",
        Integer.class,
        key -> {
          keys.add(key);
          return 1;
        });
    assertThat(keys.get(1)).isEqualTo(keys.get(0)).isNotEqualTo(keys.get(2));
  }

  @Test
  void ofTwoResultsOfAStepTheStoredOneCounts() throws Exception {
    var result =
        job.step(
            "charge",
            Cursor.class,
            _ -> {
              job.steps.put("charge", RawJson.of("{\"page\":5}"));
              return new Cursor(6);
            });
    assertThat(result).isEqualTo(new Cursor(5));
  }

  @Test
  void aStepThatFailsIsNotStored() {
    assertThatThrownBy(() ->
            job.step(
                "charge",
                Cursor.class,
                _ -> {
                  throw new IllegalStateException("no money");
                }))
        .hasMessage("no money");
    assertThat(job.steps).isEmpty();
  }

  @Test
  void onTheSpotThereAreNoEventsAndNothingIsStored() throws Exception {
    var run = new OnTheSpot(1);
    assertThatThrownBy(() -> run.emit("page", 1)).isInstanceOf(IllegalStateException.class);
    run.checkpoint(new Cursor(1));
    assertThat(run.checkpoint(Cursor.class)).isEmpty();
    assertThat(run.<String>step("s", String.class, key -> "done " + !key.isEmpty()))
        .isEqualTo("done true");
  }

  @Test
  void partsReportAsTheRunDoes() {
    var half = job.part(1);
    job.part(1);
    half.progress(50, "x".repeat(300));
    assertThat(job.said).containsExactly("25.0 " + "x".repeat(200));
  }

  @Test
  void aCancelIsToldToWhoeverAskedBeforeAndAfter() {
    var before = new CompletableFuture<Thread>();
    var after = new CompletableFuture<Boolean>();
    job.onCancel(() -> {
      throw new IllegalStateException("the handler's own trouble");
    });
    job.onCancel(() -> before.complete(Thread.currentThread()));
    assertThat(job.cancelled()).isFalse();
    job.cancel();
    assertThat(job.cancelled()).isTrue();
    assertThat(before.join()).isNotSameAs(Thread.currentThread());
    job.onCancel(() -> after.complete(true));
    assertThat(after.join()).isTrue();
  }
}
