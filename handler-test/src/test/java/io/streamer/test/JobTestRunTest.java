package io.streamer.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Retry;
import io.streamer.handler.Run;
import io.streamer.shared.action.Stopped;
import io.streamer.test.Outcome.Cancelled;
import io.streamer.test.Outcome.Crashed;
import io.streamer.test.Outcome.OutOfTime;
import io.streamer.test.Outcome.TryAgain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class JobTestRunTest {

  record Pages(int count) {}

  record Cursor(int page) {}

  record Line(int page, int attempt) {}

  record Receipt(String key) {}

  record Printed(int pages, int attempt, String paid) {}

  /** Emits two lines a page, charges for all of it in a step, and is busy or not there at times. */
  @Action(value = "print", expected = "1m", attempts = 3, retry = @Retry(base = "1s", cap = "3s"))
  private static final class Printer implements Handler<Pages, Printed> {
    final List<String> keys = new ArrayList<>();
    final List<String> finallys = new ArrayList<>();
    Optional<Failure> trouble = Optional.empty();

    @Override
    public Printed handle(Pages pages, Run run) throws Exception {
      var paid =
          run.step(
              "charge",
              Receipt.class,
              key -> {
                keys.add(key);
                return new Receipt("paid by " + key);
              });
      int done = run.checkpoint(Cursor.class).map(Cursor::page).orElse(0);
      try {
        for (int page = done + 1; page <= pages.count(); page++) {
          run.emit("line", new Line(page, run.attempt()));
          run.emit("line", new Line(page, run.attempt()));
          run.progress(100.0 * page / pages.count(), "page " + page);
          run.checkpoint(new Cursor(page));
          if (trouble.isPresent()) {
            throw trouble.get();
          }
        }
      } finally {
        finallys.add("after " + run.attempt());
      }
      return new Printed(pages.count(), run.attempt(), paid.key());
    }
  }

  private final Printer printer = new Printer();
  private final TestRun<Pages> run = TestRun.of(printer);

  private List<Line> lines() {
    return run.events().stream().map(event -> event.as(Line.class)).toList();
  }

  @Test
  void aJobThatCrashedGoesOnFromItsCheckpointInAnotherAttempt() throws Exception {
    assertThat(run.crashAfterCheckpoint(2).run(new Pages(3))).isEqualTo(new Crashed());
    assertThat(run.checkpoint(Cursor.class)).contains(new Cursor(2));

    var printed = run.next().completed().as(Printed.class);

    assertThat(printed.attempt()).isEqualTo(2);
    assertThat(lines())
        .containsExactly(
            new Line(1, 1),
            new Line(1, 1),
            new Line(2, 1),
            new Line(2, 1),
            new Line(3, 2),
            new Line(3, 2));
  }

  @Test
  void aJobOutOfTimeGoesOnInTheSameAttempt() throws Exception {
    assertThat(run.outOfTimeAtCheckpoint(1).run(new Pages(2))).isEqualTo(new OutOfTime());

    assertThat(run.next().completed().as(Printed.class).attempt()).isEqualTo(1);
    assertThat(lines()).hasSize(4);
    assertThat(run.calls("charge")).isEqualTo(1);
  }

  @Test
  void eventsBehindTheCheckpointAreVoidOnceTheJobRunsAgain() throws Exception {
    run.crashAfterEvent(3).run(new Pages(2));
    assertThat(lines()).containsExactly(new Line(1, 1), new Line(1, 1), new Line(2, 1));

    run.next();
    assertThat(lines())
        .containsExactly(new Line(1, 1), new Line(1, 1), new Line(2, 2), new Line(2, 2));
    assertThat(run.events().getFirst().name()).isEqualTo("line");
  }

  @Test
  void aStepThatIsStoredIsNotDoneAgain() throws Exception {
    run.crashAfterCheckpoint(1).run(new Pages(2));
    run.next().completed();

    assertThat(run.calls("charge")).isEqualTo(1);
    assertThat(run.calls("refund")).isZero();
  }

  @Test
  void aStepThatIsDoneAndNotStoredIsDoneAgainWithTheSameKey() throws Exception {
    assertThat(run.crashInStep("charge").run(new Pages(1))).isEqualTo(new Crashed());
    var printed = run.next().completed().as(Printed.class);

    assertThat(run.calls("charge")).isEqualTo(2);
    assertThat(printer.keys).hasSize(2).containsOnly(printer.keys.getFirst());
    assertThat(printed.paid()).isEqualTo("paid by " + printer.keys.getFirst());
  }

  @Test
  void aJobOfAnotherIdHasAnotherKeyAndNothingOfTheFirst() throws Exception {
    run.crashAfterCheckpoint(1).run(new Pages(2));
    run.id("another").run(new Pages(1)).completed();

    assertThat(run.calls("charge")).isEqualTo(1);
    assertThat(printer.keys).doesNotHaveDuplicates().hasSize(2);
    assertThat(lines()).containsExactly(new Line(1, 1), new Line(1, 1));
  }

  @Test
  void aCrashedRunSaysNothingMore() throws Exception {
    var last = TestRun.of(new LastWords());
    assertThat(last.crashAfterEvent(1).run("a")).isEqualTo(new Crashed());
    assertThat(last.events()).extracting(event -> event.data().toString()).containsExactly("\"a\"");
    assertThat(last.checkpoint(String.class)).isEmpty();
  }

  @Action(value = "last_words", expected = "1m")
  private static final class LastWords implements Handler<String, String> {
    @Override
    public String handle(String word, Run run) throws InterruptedException {
      try {
        if (word.equals("wait")) {
          new CountDownLatch(1).await();
        }
        run.emit("word", word);
        return "unreached";
      } finally {
        run.checkpoint(word);
      }
    }
  }

  /** The process is gone before the file is whole. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFileThatIsWrittenInACrashIsNotThere(int event) throws Exception {
    var writing = TestRun.of(new Writing());
    assertThat(writing.crashAfterEvent(event).run("a")).isEqualTo(new Crashed());
    assertThat(writing.files()).hasSize(event - 1);
    writing.run("a").completed();
    assertThat(writing.files()).containsOnlyKeys("1.txt", "2.txt");
  }

  @Action(value = "writing", expected = "1m")
  private static final class Writing implements Handler<String, String> {
    @Override
    public String handle(String word, Run run) throws Exception {
      for (int n = 1; n <= 2; n++) {
        run.file(
            n + ".txt",
            "text/plain",
            out -> {
              out.write(word.getBytes(UTF_8));
              try {
                run.emit("word", word);
              } catch (Stopped _) {
                // goes on, as far as it is let
              }
            });
      }
      return word;
    }
  }

  @Test
  void aCrashOnAnotherThreadOfTheHandlerEndsTheRun() throws Exception {
    assertThat(TestRun.of(new Helped()).crashAfterEvent(1).run("a")).isEqualTo(new Crashed());
  }

  @Action(value = "helped", expected = "1m")
  private static final class Helped implements Handler<String, String> {
    @Override
    public String handle(String word, Run run) throws Exception {
      try (var helpers = Executors.newVirtualThreadPerTaskExecutor()) {
        helpers.submit(() -> run.emit("word", word)).get();
      } catch (ExecutionException e) {
        new CountDownLatch(1).await();
      }
      return word;
    }
  }

  @Test
  void attemptsAreCountedAndWaitedForAsTheActionSays() throws Exception {
    printer.trouble = Optional.of(Failure.tryAgain("BUSY", "the printer is busy"));
    assertThat(run.run(new Pages(9))).isEqualTo(new TryAgain("BUSY", "the printer is busy"));
    assertThat(run.longestWait()).contains(Duration.ofSeconds(1));
    printer.trouble = Optional.of(Failure.tryAgain("OUT", "no paper", Duration.ofSeconds(30)));
    assertThat(run.next())
        .isEqualTo(new TryAgain("OUT", "no paper", Optional.of(Duration.ofSeconds(30))));
    assertThat(run.longestWait()).contains(Duration.ofSeconds(30));
    assertThat(run.next()).isInstanceOf(TryAgain.class);
    assertThat(run.longestWait()).isEmpty();

    assertThatIllegalStateException()
        .isThrownBy(run::next)
        .withMessage("print has 3 attempts, and that was the last");
    assertThat(run.checkpoint(Cursor.class)).contains(new Cursor(3));
  }

  @Test
  void aJobThatHasEndedDoesNotGoOn() throws Exception {
    assertThatIllegalStateException().isThrownBy(run::next).withMessageContaining("run(…)");
    run.run(new Pages(1)).completed();
    assertThat(run.longestWait()).isEmpty();
    assertThatIllegalStateException().isThrownBy(run::next).withMessageContaining("has ended");
    printer.trouble = Optional.of(Failure.refused("NO", "no"));
    run.run(new Pages(1));
    assertThatIllegalStateException().isThrownBy(run::next).withMessageContaining("Refused");
  }

  @Test
  void aPlanIsForOneRun() throws Exception {
    run.crashAfterCheckpoint(1).run(new Pages(1));
    run.next().completed();
    run.run(new Pages(1)).completed();

    assertThat(printer.finallys).hasSize(3);
    assertThatIllegalArgumentException().isThrownBy(() -> run.crashAfterCheckpoint(0));
    assertThatIllegalArgumentException().isThrownBy(() -> run.crashAfterEvent(0));
  }

  @Test
  void aCheckpointOfAnotherTypeIsFound() throws Exception {
    run.run(new Pages(1));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> run.checkpoint(Pages.class))
        .withMessageContaining("/count is missing");
  }

  @Action(value = "patient", expected = "1m")
  private static final class Patient implements Handler<RawJson, String> {
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public String handle(RawJson request, Run run) throws Exception {
      run.onCancel(closed::countDown);
      run.progress(10, "begun");
      run.checkpoint(1);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        closed.await();
      }
      return run.cancelled() ? "cancelled" : "interrupted";
    }
  }

  @Test
  void aCancelInterruptsTheHandlerAndBeatsItsResult() throws Exception {
    var patient = new Patient();
    assertThat(TestRun.of(patient).cancelAtCheckpoint(1).runJson("1"))
        .isEqualTo(new Cancelled(true));
    assertThat(patient.closed.getCount()).isZero();
    assertThat(TestRun.of(new Patient()).cancelAtProgress(5).runJson("1"))
        .isEqualTo(new Cancelled(true));
    var timed = TestRun.of(new Patient()).cancelAfter(Duration.ofMillis(1));
    assertThat(timed.runJson("1")).isEqualTo(new Cancelled(true));
    assertThatIllegalStateException().isThrownBy(timed::next).withMessageContaining("Cancelled");
  }

  @Test
  void aCancelledRunStoresNothingMore() throws Exception {
    var last = TestRun.of(new LastWords());
    assertThat(last.cancelAfter(Duration.ofMillis(1)).run("wait")).isEqualTo(new Cancelled(true));
    assertThat(last.events()).isEmpty();
    assertThat(last.checkpoint(String.class)).isEmpty();
    assertThat(run.cancelAtCheckpoint(1).run(new Pages(2))).isEqualTo(new Cancelled(true));
    assertThat(lines()).containsExactly(new Line(1, 1), new Line(1, 1));
    assertThat(run.progress()).hasSize(1);
  }

  @Action("quick")
  private static final class Quick implements Handler<RawJson, String> {
    @Override
    public String handle(RawJson request, Run run) throws Exception {
      run.checkpoint(1);
      if (request.toString().equals("1")) {
        run.emit("word", "a");
      }
      return run.step("say", String.class, _ -> "said");
    }
  }

  @Test
  void onTheSpotThereAreNoEventsNoCheckpointsAndNoSecondAttempt() throws Exception {
    var quick = TestRun.of(new Quick());
    assertThat(quick.runJson("1"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.exception()).hasMessageContaining("only a job has events"));
    assertThatIllegalStateException().isThrownBy(quick::next).withMessageContaining("on the spot");
    quick.runJson("2").completed();
    assertThat(quick.checkpoint(Integer.class)).isEmpty();
    assertThat(quick.calls("say")).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> quick.crashAfterCheckpoint(1).runJson("2"))
        .withMessageContaining("asJob()");

    quick.asJob().runJson("1").completed();
    assertThat(quick.checkpoint(Integer.class)).contains(1);
    assertThat(quick.events()).hasSize(1);
  }
}
