package io.streamer.client;

import static io.streamer.client.Server.JOB;
import static io.streamer.client.Server.attached;
import static io.streamer.client.Server.complete;
import static io.streamer.client.Server.event;
import static io.streamer.client.Server.failed;
import static io.streamer.client.Server.json;
import static io.streamer.client.Server.progress;
import static io.streamer.client.Server.rewind;
import static io.streamer.client.Server.running;
import static io.streamer.client.Server.seq;
import static io.streamer.client.Server.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.internal.EventQueue;
import io.streamer.client.internal.Frame;
import io.streamer.client.internal.Teller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handle of a job tells and takes. */
@Timeout(20)
class JobsTest {
  private final Server server = new Server();

  /** Takes as many as it is told to. */
  private static final class Reader implements Flow.Subscriber<JobEvent> {
    final List<String> seen = new ArrayList<>();
    Flow.Subscription subscription;
    private final long first;

    Reader(long first) {
      this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      if (first > 0) {
        given.request(first);
      }
    }

    @Override
    public void onNext(JobEvent event) {
      seen.add(event.data().asText());
    }

    @Override
    public void onError(Throwable e) {
      seen.add(e instanceof StreamerException ours ? ours.code() : e.getClass().getSimpleName());
    }

    @Override
    public void onComplete() {
      seen.add("end");
    }
  }

  private Reader read(Job job, long first) {
    var reader = new Reader(first);
    job.events().subscribe(reader);
    return reader;
  }

  @Test
  void aSubscriberGetsAsManyEventsAsItAsksForAndThenTheEnd() {
    var job = server.running(server.connected());
    server.give(event(seq(1), "a"));
    var reader = read(job, 2);
    server.give(event(seq(2), "b"));
    server.give(event(seq(3), "c"));
    assertThat(reader.seen).containsExactly("a", "b");
    server.give(complete(seq(4)));
    assertThat(reader.seen).containsExactly("a", "b");
    reader.subscription.request(1);
    assertThat(reader.seen).containsExactly("a", "b", "c", "end");
  }

  @Test
  void theEventsOfAJobThatFailsEndWithIt() {
    var job = server.running(server.connected());
    var reader = read(job, Long.MAX_VALUE);
    server.give(event(seq(1), "a"));
    server.give(failed(seq(2), "TIMEOUT"));
    assertThat(reader.seen).containsExactly("a", "end");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1_000})
  void whoReadsTooLateLosesTheOldestAndIsToldSoOnce(int buffer) throws Exception {
    var job = server.running(server.connected(), new RequestOptions().eventBuffer(buffer));
    for (int n = 1; n <= buffer + 2; n++) {
      server.give(event(seq(n), "e" + n));
    }
    var reader = read(job, Long.MAX_VALUE);
    assertThat(reader.seen).containsExactly("EVENTS_LOST");
    var next = read(job, Long.MAX_VALUE);
    assertThat(next.seen).hasSize(buffer).startsWith("e3").endsWith("e" + (buffer + 2));
    server.give(complete(seq(buffer + 3)));
    assertThat(next.seen).endsWith("end");
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
  }

  @Test
  void eventsThatNobodyHasReadAreLeftOutWhenTheyAreVoid() {
    var voids = new ArrayList<Long>();
    var job = server.running(server.connected(), new RequestOptions().onVoid(voids::add));
    var reader = read(job, 1);
    server.give(event(seq(1), "a"));
    server.give(event(seq(2), "b"));
    server.give(event(seq(3), "c"));
    server.give(rewind(seq(1, 2), seq(2)));
    server.give(event(seq(2, 2), "c again"));
    reader.subscription.request(5);
    assertThat(reader.seen).containsExactly("a", "b", "c again");
    assertThat(voids).containsExactly(seq(2));
  }

  @Test
  void whatIsVoidIsToldInFrontOfWhatComesInItsPlace() {
    var told = new ArrayList<String>();
    var later = new ArrayList<Runnable>();
    // the calls wait, as for a listener that takes its time
    var queue =
        new EventQueue<>(
            10, JobEvent::seq, after -> told.add("void " + after), new Teller(later::add));
    var job = new Job(new QuietHome(server.loop), new RequestOptions(), "r", "a");
    var reader = new Reader(Long.MAX_VALUE);
    new EventPublisher(job, queue).subscribe(reader);
    queue.push(new JobEvent("row", json("'a'"), 1));
    queue.push(new JobEvent("row", json("'b'"), 2));
    later.remove(0).run();
    queue.rewind(1);
    queue.rewind(0);
    queue.push(new JobEvent("row", json("'a'"), 11));
    queue.rewind(5);
    queue.push(new JobEvent("row", json("'a again'"), 21));
    assertThat(reader.seen).containsExactly("a", "b");
    later.remove(0).run();
    assertThat(told).containsExactly("void 0", "void 5");
    assertThat(reader.seen).containsExactly("a", "b", "a again");
  }

  @Test
  void oneReaderAtATime() {
    var job = server.running(server.connected(), new RequestOptions().onEvent(event -> {}));
    assertThat(read(job, 1).seen).containsExactly("IllegalStateException");
    var other = server.running(server.connected());
    var first = read(other, 1);
    assertThat(read(other, 1).seen).containsExactly("IllegalStateException");
    first.subscription.cancel();
    server.give(event(seq(1), "a"));
    assertThat(first.seen).isEmpty();
    assertThat(read(other, 1).seen).containsExactly("a");
  }

  @Test
  void aSubscriberAsksForAtLeastOne() {
    var reader = read(server.running(server.connected()), 0);
    reader.subscription.request(0);
    assertThat(reader.seen).containsExactly("IllegalArgumentException");
  }

  @Test
  void aListenerThatIsSlowHearsTheNewestProgressAlone() {
    var later = new ArrayList<Runnable>();
    var seen = new ArrayList<Double>();
    var home = new QuietHome(server.loop, later::add);
    var job =
        new Job(home, new RequestOptions().onProgress(p -> seen.add(p.percentage())), "r", "a");
    job.accept(JOB);
    for (int n = 1; n < 50; n++) {
      job.take(new Frame(json(progress(seq(n), n))));
    }
    while (!later.isEmpty()) {
      later.remove(0).run();
    }
    assertThat(seen).containsExactly(49.0);
  }

  @Test
  void theTimesOfAJobAreKept() {
    var client = server.connected();
    server.loop.pass(1_000);
    var job = client.request("report", 1, new RequestOptions().id("r"));
    server.loop.pass(50);
    server.give(Server.ack(job, JOB));
    server.loop.pass(100);
    server.give(progress(seq(1), 5));
    server.loop.pass(200);
    server.give(progress(seq(2), 6));
    server.give(complete(seq(3)));
    var start = ManualLoop.START.plusMillis(1_000);
    assertThat(job.times())
        .isEqualTo(new JobTimes(start, at(start, 50), at(start, 150), at(start, 350)));
  }

  private static Instant at(Instant start, long millis) {
    return start.plusMillis(millis);
  }

  @Test
  void aJobTellsHowItStands() throws Exception {
    var client = server.connected();
    var job = server.running(client);
    var status = job.status();
    var other = client.status("j-2");
    var mine = client.statusOfRequest("r-2");
    server.loop.settle();
    assertThat(
            server.last().all("status").stream()
                .map(frame -> frame.path("job_id").asText() + frame.path("request_id").asText()))
        .containsExactly(JOB, "j-2", "r-2");
    var asked = server.last().all("status");
    for (var frame : asked) {
      server.give(
          "{'type':'response','request_id':'%s','success':true,'data':%s}"
              .formatted(frame.path("id").asText(), snapshot("retrying", seq(7), 42)));
    }
    for (var each : List.of(status, other, mine)) {
      assertThat(each.get().status()).isEqualTo("retrying");
      assertThat(each.get().percentage()).isEqualTo(42);
      assertThat(each.get().createdAt()).isEqualTo(Instant.parse("2024-11-21T01:19:50.500Z"));
      assertThat(each.get().ended()).isFalse();
      assertThat(each.get().error()).isEmpty();
    }
  }

  @Test
  void anyJobCanBeAskedToStop() throws Exception {
    var client = server.connected();
    var one = client.cancel("j-2");
    var two = client.cancelOfRequest("r-2");
    server.loop.settle();
    var asked = server.last().all("cancel");
    assertThat(
            asked.stream()
                .map(frame -> frame.path("job_id").asText() + frame.path("request_id").asText()))
        .containsExactly("j-2", "r-2");
    for (var frame : asked) {
      server.give(
          "{'type':'response','request_id':'%s','success':true,'data':%s}"
              .formatted(frame.path("id").asText(), running(seq(7))));
    }
    assertThat(one.get().status()).isEqualTo("running");
    assertThat(two.get().status()).isEqualTo("running");
  }

  @Test
  void eachFrameThatIsAppliedCanBeHeardAsItCame() {
    var frames = new ArrayList<String>();
    server.running(
        server.connected(),
        new RequestOptions()
            .id("r")
            .onFrame(
                frame -> frames.add(frame.path("type").asText() + frame.path("seq").asText())));
    server.give(event(seq(1), "a"));
    server.give(event(seq(1), "a"));
    server.cut();
    server
        .last()
        .welcome(Server.welcomeWith(attached(snapshot("running", seq(3), 40), event(seq(2), "b"))));
    server.give(rewind(seq(1, 2), 0));
    server.give(failed(seq(2, 2), "TIMEOUT"));
    server.give(failed(seq(2, 2), "TIMEOUT"));
    assertThat(frames)
        .containsExactly(
            "acknowledgment",
            "event" + seq(1),
            "event" + seq(2),
            "progress" + seq(3),
            "rewind" + seq(1, 2),
            "error" + seq(2, 2));
  }

  @Test
  void forAnEndThatDidNotComeAFrameIsMade() {
    var frames = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();
    server.running(server.connected(), new RequestOptions().onFrame(frames::add));
    server.cut();
    server.last().welcome(Server.welcomeWith(attached(snapshot("succeeded", seq(3), 100))));
    server.loop.pass(1_000);
    server.last().answer("status", "{'job_id':'j','seq':3,'status':'succeeded','result':{'n':1}}");
    server.loop.settle();
    assertThat(frames.get(frames.size() - 1))
        .isEqualTo(json("{'type':'complete','job_id':'j','seq':3,'result':{'n':1}}"));
  }

  @Test
  void aStatusThatIsRefusedSaysOfWhich() {
    var status = server.connected().status("j-2");
    server.loop.settle();
    server.last().refuseAsked("status", "{'code':'NOT_FOUND','message':'no such job'}");
    server.loop.settle();
    assertThatThrownBy(status::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StreamerException.class,
            e -> {
              assertThat(e.code()).isEqualTo("NOT_FOUND");
              assertThat(e.jobId()).contains("j-2");
            });
  }

  @Test
  void cancelIsProvedByTheEnd() throws Exception {
    var job = server.running(server.connected());
    var cancelled = job.cancel();
    server.loop.settle();
    assertThat(server.last().last("cancel").path("job_id").asText()).isEqualTo(JOB);
    server.last().answer("cancel", running(seq(1)));
    server.loop.settle();
    assertThat(cancelled).isNotDone();
    server.give(failed(seq(2), "CANCELLED"));
    assertThat(cancelled.get()).isTrue();
    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    RequestsTest.assertFails(job, "CANCELLED", false, false);
  }

  @Test
  void aJobThatEndsOtherwiseWasNotCancelled() throws Exception {
    var job = server.running(server.connected());
    var cancelled = job.cancel();
    server.give(complete(seq(2)));
    assertThat(cancelled.get()).isFalse();
    var late = job.cancel();
    server.loop.settle();
    assertThat(late.get()).isFalse();
    assertThat(server.last().all("cancel")).hasSize(1);
  }

  @Test
  void whatWasNotSentIsTakenBack() throws Exception {
    server.arrived = socket -> {};
    var client = server.client(builder -> builder);
    var job = client.request("report", 1);
    server.loop.settle();
    var cancelled = job.cancel();
    server.loop.settle();
    assertThat(cancelled.get()).isTrue();
    RequestsTest.assertFails(job, "CANCELLED", false, false);
    server.last().accept();
    server.loop.settle();
    assertThat(server.last().all("request")).isEmpty();
  }

  @Test
  void aCancelWaitsForTheAcknowledgment() throws Exception {
    var client = server.connected();
    var job = client.request("report", 1);
    server.loop.settle();
    var cancelled = job.cancel();
    server.loop.settle();
    assertThat(server.last().all("cancel")).isEmpty();
    server.give(Server.ack(job, JOB));
    assertThat(server.last().all("cancel")).hasSize(1);
    server.give(failed(seq(2), "CANCELLED"));
    assertThat(cancelled.get()).isTrue();
  }

  @Test
  void whatIsRefusedBecauseTooMuchIsUnderWayIsAskedAgainForAsLongAsAnAnswerMayTake() {
    var job = server.running(server.connected());
    var cancelled = job.cancel();
    server.loop.settle();
    refuseForNow();
    server.loop.pass(24_999);
    assertThat(server.last().all("cancel")).hasSize(1);
    server.loop.pass(1);
    assertThat(server.last().all("cancel")).hasSize(2);
    refuseForNow();
    server.loop.pass(25_000);
    assertThat(server.last().all("cancel")).hasSize(3);
    refuseForNow();
    assertThat(cancelled).isCompletedExceptionally();
    assertThat(job.ended()).isFalse();
  }

  private void refuseForNow() {
    server
        .last()
        .refuseAsked(
            "cancel",
            "{'code':'RATE_LIMITED','message':'no','retryable':true,'retry_after_ms':25000}");
    server.loop.settle();
  }

  @Test
  void aCancelThatIsRefusedFails() {
    var job = server.running(server.connected());
    var cancelled = job.cancel();
    server.loop.settle();
    server.last().refuseAsked("cancel", "{'code':'RATE_LIMITED','message':'no','retryable':true}");
    server.loop.settle();
    assertThat(cancelled).isCompletedExceptionally();
    assertThat(job.ended()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void toCancelTheFutureCancelsTheJob(boolean typed) {
    var events = new ArrayList<JobEvent>();
    var job = server.running(server.connected(), new RequestOptions().onEvent(events::add));
    var future = typed ? job.result(String.class) : job.result();
    assertThat(future.cancel(true)).isTrue();
    server.loop.settle();
    assertThat(server.last().all("cancel")).hasSize(1);
    server.give(event(seq(2), "unwanted"));
    assertThat(events).isEmpty();
    server.give(failed(seq(3), "CANCELLED"));
    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void toCancelTheFutureOfAnAttachedJobLeavesTheJobAlone() {
    var job = server.connected().attach(JOB);
    server.loop.settle();
    server.last().answer("subscribe", attached(running(seq(1))));
    server.loop.settle();
    assertThat(job.result().cancel(true)).isTrue();
    server.loop.settle();
    assertThat(server.last().all("cancel")).isEmpty();
    assertThat(server.last().all("unsubscribe")).hasSize(1);
  }

  @Test
  void aListenerMustNotWaitForWhatWouldWaitForIt() {
    var thrown = new ArrayList<Throwable>();
    var client = server.connected();
    var other = client.request("echo", 1);
    server.running(
        client,
        new RequestOptions()
            .onProgress(progress ->
                thrown.add(catchThrowableOfType(IllegalStateException.class, other::await))));
    server.give(progress(seq(1), 5));
    assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatAJobNotesBesideItsResultIsKept() throws Exception {
    var job = server.running(server.connected());
    server.give(
        Server.frame("complete", seq(2), "'success':true,'result':{'n':1},'metadata':{'k':'v'}"));
    assertThat(job.metadata()).isEqualTo(json("{'k':'v'}"));
    assertThat(job.await(JsonNode.class)).isEqualTo(json("{'n':1}"));
  }
}
