package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.testtools.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a job's frames go, and what happens when they do not arrive. */
@Timeout(60)
class JobPushTest extends WorkerFixture {
  @Test
  void anOutcomeIsStoredThoughItCannotBePushedAndStaysDue() throws Exception {
    node.answer(503);
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(1));

    assertThat(node.all()).hasSizeGreaterThan(1);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isPresent();
  }

  @Test
  void anEndIsPushedAgainUntilItArrives() throws Exception {
    node.answer(503, 503, 503, 200);
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(1));

    assertThat(node.all().getLast().json()).contains(Map.entry("type", "complete"));
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aConnectionThatHasGoneNeedsNoFurtherCare() throws Exception {
    node.answer(410);
    var id = submit("probe", "{}");
    run(id);

    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aJobWithoutAConnectionNeedsNoFurtherCare() throws Exception {
    var id = submit("probe", "{}", Optional.empty());
    run(id);

    assertThat(node.all()).isEmpty();
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aNewConnectionGetsTheNewestProgressAgainWithItsNumber() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    var invocation = start(id);
    var first = node.next();
    execute(jobs.attach(id, Job.owner("acme", "ann"), route("c2")));
    time.advance(Duration.ofSeconds(1));
    var again = node.next();
    release.countDown();
    invocation.get();

    assertThat(again.connection()).isEqualTo("c2");
    assertThat(again.json().getLong("seq")).isEqualTo(first.json().getLong("seq"));
    assertThat(again.json().getString("message")).isEqualTo("begun");
    assertThat(node.all()).extracting(PushTarget.Frame::connection).containsOnly("c2");
  }

  @Test
  void anOlderImageOfTheJobTakesNothingFromItsNewestOwner() throws Exception {
    worker.close();
    try (var tables = new FaultyStore(server.uri())) {
      worker = worker(tables.uri());
      tables.remember(List.of("GetItem", "\"ConsistentRead\":false"));
      node.answer(503);
      behaviour =
          (_, run) -> {
            run.emit("row", Map.of("n", 1));
            release.await();
            return RawJson.of("{}");
          };
      var id = submit("persist", "{}");
      var invocation = start(id);
      node.next();
      attachAndAwait(id, "c2");
      // the image with c2 is an older one soon
      tables.keep();
      attachAndAwait(id, "c3");
      node.all();
      node.answer("c2", 410);
      tables.repeat();
      for (int i = 1; i <= 3; i++) {
        time.advance(Duration.ofSeconds(1));
        int times = i;
        Until.matches("the older image is read", tables::repeated, read -> read >= times);
      }
      tables.repeatNoMore();
      node.answer(200);
      release.countDown();
      timePassesUntilDone(invocation, Duration.ofSeconds(1));

      var frames = node.all();
      assertThat(frames).extracting(PushTarget.Frame::connection).containsOnly("c3");
      assertThat(Applied.of(frames).ns()).containsExactly(1);
    }
  }

  private void attachAndAwait(JobId id, String connection) throws InterruptedException {
    execute(jobs.attach(id, Job.owner("acme", "ann"), route(connection)));
    time.advance(Duration.ofSeconds(1));
    while (!node.next().connection().equals(connection)) {
      // one that was tried again
    }
  }

  @Test
  void progressThatCouldNotBePushedIsPushedAgain() throws Exception {
    node.answer(503, 200);
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          release.await();
          return RawJson.of("{}");
        };
    var invocation = start(submit("probe", "{}"));
    var first = node.next();
    var again = frameInTime();
    release.countDown();
    invocation.get();

    assertThat(again.json().getLong("seq")).isEqualTo(first.json().getLong("seq"));
  }

  @Test
  void whatIsKeptHasANumberOfItsOwnThatALateWriteCannotHave() throws Exception {
    var next = new Semaphore(0);
    behaviour =
        (_, run) -> {
          for (int i = 1; i <= 3; i++) {
            next.acquire();
            run.progress(10 * i, "report " + i);
            run.checkpoint(i);
          }
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    var kept = new ArrayList<Long>();
    for (int i = 1; i <= 3; i++) {
      int percentage = 10 * i;
      next.release();
      Until.holds(
          "it is kept",
          () -> {
            time.advance(Duration.ofMillis(100));
            return find(id).percentage() >= percentage;
          });
      kept.add(find(id).seq());
    }
    release.countDown();
    timePassesUntilDone(invocation, Duration.ofMillis(100));

    assertThat(kept).isSorted().doesNotHaveDuplicates();
    assertThat(node.all())
        .extracting(frame -> frame.json().getLong("seq"))
        .doesNotContainAnyElementsOf(kept);
  }

  /** What is emitted goes out behind the progress that is due, so it shows that none was. */
  @ParameterizedTest
  @CsvSource({"terse, 2", "persist, 10", "talkative, 50", "chatty, 100"})
  void anActionSaysHowOftenItsProgressGoesOut(String action, int perSecond) throws Exception {
    var running = new CompletableFuture<Run>();
    behaviour =
        (_, run) -> {
          running.complete(run);
          release.await();
          return RawJson.of("{}");
        };
    var invocation = start(submit(action, "{}"));
    var run = running.get();
    run.progress(1, "first");
    assertThat(node.next().json().getString("message")).isEqualTo("first");
    run.progress(2, "soon");
    time.advance(Duration.ofMillis(1_000 / perSecond));
    run.emit("row", Map.of());
    assertThat(node.next().json().getString("type")).isEqualTo("event");
    time.advance(Duration.ofMillis(1));
    assertThat(node.next().json().getString("message")).isEqualTo("soon");
    release.countDown();
    invocation.get();
  }

  @Test
  void aThousandReportsInASecondBecomeAtMostTenFramesAndTheLastArrives() throws Exception {
    var last = new CountDownLatch(1);
    behaviour =
        (_, run) -> {
          for (int i = 1; i < 1_000; i++) {
            run.progress(0.063 * i, "report " + i);
            time.advance(Duration.ofMillis(1));
          }
          last.await();
          run.progress(63, "report 1000");
          run.emit("row", Map.of());
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    var messages = new ArrayList<String>();
    do {
      messages.add(frameInTime(Duration.ofMillis(100)).json().getString("message"));
    } while (!messages.getLast().equals("report 999"));
    // the first at once, one in each tenth of the second, and the one that the silence leaves
    assertThat(messages.size()).isLessThanOrEqualTo(11);
    // which of the two comes first is a matter of the time that has passed up to here
    last.countDown();
    var two = List.of(frameInTime(Duration.ofMillis(100)), frameInTime(Duration.ofMillis(100)));
    assertThat(two.stream().map(frame -> frame.json().getString("type")))
        .containsExactlyInAnyOrder("event", "progress");
    assertThat(two.stream().map(frame -> frame.json().getString("message")))
        .contains("report 1000");
    for (int i = 0; i < 3; i++) {
      renewed(id, invocation);
    }
    release.countDown();
    invocation.get();
    assertThat(Applied.of(node.all()).types()).containsExactly("progress", "complete");
  }

  @Test
  void partsAddUpToWhatTheClientSees() throws Exception {
    behaviour =
        (_, run) -> {
          var small = run.part(1);
          var large = run.part(3);
          small.progress(100, "the small part");
          large.progress(50, "half of the large one");
          release.await();
          return RawJson.of("{}");
        };
    var invocation = start(submit("persist", "{}"));
    PushTarget.Frame frame;
    do {
      frame = frameInTime(Duration.ofMillis(100));
    } while (!frame.json().getString("message").startsWith("half"));
    assertThat(frame.json().getDouble("percentage")).isEqualTo(62.5);
    release.countDown();
    invocation.get();
  }
}
