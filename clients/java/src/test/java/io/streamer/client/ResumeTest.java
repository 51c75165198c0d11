package io.streamer.client;

import static io.streamer.client.Server.JOB;
import static io.streamer.client.Server.ack;
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
import static io.streamer.client.Server.welcomeWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job is told over several lines, each thing once. */
@Timeout(20)
class ResumeTest {
  /** A frame of API Gateway's own. */
  private static final String LOST = "{'message':'Internal server error','requestId':'x'}";

  private static final String ENDED = snapshot("succeeded", seq(9), 100);

  private final Server server = new Server();
  private final List<String> seen = new ArrayList<>();

  private RequestOptions watching() {
    return new RequestOptions()
        .onProgress(progress -> seen.add("at " + (int) progress.percentage()))
        .onEvent(event -> seen.add(event.data().asText()))
        .onVoid(after -> seen.add("void " + after));
  }

  private AttachOptions attaching() {
    return new AttachOptions()
        .onProgress(progress -> seen.add("at " + (int) progress.percentage()))
        .onEvent(event -> seen.add(event.data().asText()))
        .onVoid(after -> seen.add("void " + after));
  }

  @Test
  void theHelloOfTheNextLineNamesTheJobAndWhatWasMissedIsAppliedOnce() throws Exception {
    var job = server.running(server.connected(), watching());
    server.give(event(seq(1), "a"));
    server.give(progress(seq(2), 20));
    server.cut();
    assertThat(server.last().lastSeq()).isEqualTo(Map.of(JOB, seq(2)));
    // a live frame in front of the welcome is held back
    server.give(event(seq(5), "c"));
    assertThat(seen).containsExactly("a", "at 20");
    server
        .last()
        .welcome(
            welcomeWith(
                attached(snapshot("running", seq(4), 40), event(seq(1), "a"), event(seq(3), "b"))));
    server.give(event(seq(5), "c"));
    server.give(complete(seq(6)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).containsExactly("a", "at 20", "b", "at 40", "c");
  }

  @Test
  void anEndThatCameWhileNobodyWasThereFollowsTheWelcome() {
    var job = server.running(server.connected());
    server.cut();
    server.last().welcome(welcomeWith(attached(snapshot("failed", seq(9), 40))));
    server.give(failed(seq(9), "PROCESSING_FAILED"));
    RequestsTest.assertFails(job, "PROCESSING_FAILED", false, false);
  }

  @Test
  void anEndThatDoesNotFollowIsAskedFor() throws Exception {
    var job = server.running(server.connected());
    server.cut();
    server.last().welcome(welcomeWith(attached(snapshot("succeeded", seq(9), 100))));
    server.loop.pass(999);
    assertThat(server.last().all("status")).isEmpty();
    server.loop.pass(1);
    server.last().answer("status", "{'job_id':'j','status':'succeeded','result':{'late':true}}");
    server.loop.settle();
    assertThat(job.await()).isEqualTo(json("{'late':true}"));
  }

  @Test
  void aJobFollowsItsClientOverAnyNumberOfLines() throws Exception {
    var job = server.running(server.connected());
    for (int turn = 1; turn < 20; turn++) {
      server.give(progress(seq(turn), turn));
      server.cut();
      assertThat(server.last().lastSeq()).isEqualTo(Map.of(JOB, seq(turn)));
      server.last().welcome(welcomeWith(attached(running(seq(turn)))));
      server.loop.settle();
    }
    server.give(complete(seq(100)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
  }

  @Test
  void anAcknowledgedJobWaitsForItsClientAsLongAsItTakes() throws Exception {
    var job = server.running(server.connected());
    var open = server.arrived;
    server.arrived = socket -> socket.end(1006, "");
    server.last().end(1006, "");
    server.loop.pass(600_000);
    assertThat(job.ended()).isFalse();
    server.arrived = open;
    server.welcomes = false;
    server.nextLine();
    server.last().welcome(welcomeWith(attached(snapshot("succeeded", seq(8), 100))));
    server.give(complete(seq(8)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
  }

  @Test
  void framesThatComeTwiceOrOfALowerEpochAreDropped() {
    var job = server.running(server.connected(), watching());
    server.give(event(seq(1, 2), "a"));
    server.give(event(seq(1, 2), "a"));
    server.give(event(seq(9, 1), "of a worker that lost the job"));
    server.give(progress(seq(10, 1), 90));
    server.give(failed(seq(11, 1), "TIMEOUT"));
    server.give(event(seq(2, 2), "b"));
    server.give(progress(seq(3, 2), 30));
    server.give(progress(seq(4, 2), 20));
    assertThat(seen).containsExactly("a", "b", "at 30", "at 30");
    assertThat(job.ended()).isFalse();
    assertThat(job.progress().orElseThrow().message()).isEqualTo("at 20");
  }

  @Test
  void theEndIsToldOnceAndNothingBehindIt() throws Exception {
    var job = server.running(server.connected(), watching());
    var ends = new ArrayList<String>();
    var unused = job.result().whenComplete((result, e) -> ends.add(result + " " + e));
    server.give(complete(seq(5)));
    server.give(complete(seq(5)));
    server.give(failed(seq(6), "TIMEOUT"));
    server.give(event(seq(7), "late"));
    server.give(progress(seq(8), 50));
    assertThat(ends).containsExactly("{\"ok\":true} null");
    assertThat(seen).isEmpty();
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aNumberedFrameStandsForAnAcknowledgmentThatItOvertook() throws Exception {
    var job = server.connected().request("report", 1, watching().id("r"));
    server.loop.settle();
    server.give(event(seq(1), "a"));
    assertThat(job.jobId()).contains(JOB);
    server.give(ack(job, JOB));
    server.give(event(seq(2), "b"));
    server.give(complete(seq(3)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).containsExactly("a", "b");
  }

  @Test
  void aJobWhoseAcknowledgmentMayBeLostIsTakenUpAgainOnTheSameLine() throws Exception {
    var job = overtaken();
    server.welcomes = false;
    server.give(LOST);
    assertThat(server.last().all("request")).hasSize(1);
    var hello = server.last().last("hello");
    assertThat(hello.path("last_seq")).isEqualTo(json("{'%s':%d}".formatted(JOB, seq(1))));
    // nothing is heard of that hello either: it is sent again, and no other one
    server.give(LOST);
    server.loop.pass(1_000);
    assertThat(server.last().all("hello")).hasSize(3);
    assertThat(server.last().last("hello")).isEqualTo(hello);
    server.last().welcome(welcomeWith(attached(running(seq(1)), event(seq(2), "b"))));
    server.give(LOST);
    assertThat(server.last().all("hello")).hasSize(3);
    server.give(complete(seq(3)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).filteredOn(one -> !one.startsWith("at")).containsExactly("a", "b");
    assertThat(server.sockets).hasSize(1);
  }

  @Test
  void aJobWhoseAcknowledgmentCameBehindItsFrameIsNotTakenUpAgain() {
    var job = overtaken();
    server.give(ack(job, JOB));
    server.give(LOST);
    assertThat(server.last().all("hello")).hasSize(1);
  }

  @Test
  void aLineOnWhichAHelloHasNoAnswerHoweverOftenItIsSaidIsGivenUp() {
    var unused = overtaken();
    server.welcomes = false;
    var line = server.last();
    server.give(LOST);
    server.loop.pass(179_999);
    assertThat(line.all("hello")).hasSize(4);
    assertThat(server.sockets).hasSize(1);
    server.loop.pass(1);
    assertThat(server.sockets).hasSize(2);
    assertThat(server.last().last("hello").path("last_seq").path(JOB).asLong()).isEqualTo(seq(1));
  }

  @Test
  void aJobThatTheNextLineTookUpIsNotTakenUpAgain() {
    overtaken();
    server.cut();
    server.last().welcome(welcomeWith(attached(running(seq(1)))));
    server.give(LOST);
    assertThat(server.last().all("hello")).hasSize(1);
  }

  /** A job of which a frame came, and no acknowledgment. */
  private Job overtaken() {
    var job = server.connected().request("report", 1, watching().id("r"));
    server.loop.settle();
    server.give(event(seq(1), "a"));
    return job;
  }

  @Test
  void aRewindVoidsWhatCameBehindItsNumber() {
    server.running(server.connected(), watching());
    server.give(event(seq(1), "a"));
    server.give(event(seq(2), "b"));
    server.give(rewind(seq(1, 2), seq(1)));
    server.give(event(seq(2, 2), "b again"));
    server.give(rewind(seq(1, 2), 0));
    assertThat(seen).containsExactly("a", "b", "void " + seq(1), "b again");
  }

  @Test
  void moreEventsThanAnAnswerHoldsAreAskedForAndLiveFramesWaitForThem() throws Exception {
    var job = server.running(server.connected(), watching());
    server.cut();
    server
        .last()
        .welcome(
            "{'jobs':[{'snapshot':%s,'events':[%s,%s],'next':%d}]}"
                .formatted(running(seq(1)), event(seq(1), "1"), event(seq(2), "2"), seq(2)));
    server.give(event(seq(7), "7"));
    assertThat(server.last().last("subscribe").path("after_seq").asLong()).isEqualTo(seq(2));
    server
        .last()
        .answer(
            "subscribe",
            "{'snapshot':%s,'events':[%s],'next':%d}"
                .formatted(running(seq(1)), event(seq(3), "3"), seq(3)));
    server.loop.settle();
    assertThat(server.last().last("subscribe").path("after_seq").asLong()).isEqualTo(seq(3));
    server.last().answer("subscribe", attached(running(seq(1)), event(seq(4), "4")));
    server.give(complete(seq(8)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen)
        .filteredOn(one -> !one.startsWith("at"))
        .containsExactly("1", "2", "3", "4", "7");
  }

  @Test
  void anEndIsNotAskedForBeforeAllThatCameAheadOfItIsRead() throws Exception {
    var job = server.running(server.connected(), watching());
    server.cut();
    server.last().welcome(welcomeWith(unread(event(seq(1), "1"), seq(1))));
    server.loop.pass(5_000);
    assertThat(server.last().all("status")).isEmpty();
    server.last().answer("subscribe", attached(ENDED));
    server.loop.pass(2_000);
    assertThat(server.last().all("status")).hasSize(1);
    // asked for on the next line, too, where there is more to be read
    server.cut();
    server.last().welcome(welcomeWith(unread(event(seq(2), "2"), seq(2))));
    server.loop.settle();
    server.last().answer("status", "{'job_id':'j','status':'succeeded','result':{'ok':true}}");
    server.loop.settle();
    assertThat(job.ended()).isFalse();
    server.last().answer("subscribe", attached(ENDED, event(seq(3), "3")));
    server.loop.pass(2_000);
    server.last().answer("status", "{'job_id':'j','status':'succeeded','result':{'ok':true}}");
    server.loop.settle();
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).filteredOn(one -> !one.startsWith("at")).containsExactly("1", "2", "3");
  }

  /** How a job stands that has ended, with an event and more behind it. */
  private static String unread(String event, long next) {
    return "{'snapshot':%s,'events':[%s],'next':%d}".formatted(ENDED, event, next);
  }

  @Test
  void aHandleThatWasLetGoBeforeAllWasReadLeavesNothingBehind() {
    var client = server.connected();
    var job = server.running(client);
    server.cut();
    server.last().welcome(welcomeWith(unread(event(seq(1), "1"), seq(1))));
    server.loop.settle();
    job.unsubscribe();
    client.close();
    server.loop.pass(60_000);
    assertThat(server.loop.waiting()).isZero();
  }

  @Test
  void ofMoreThan64JobsTheHelloNames64FirstThoseThatNeedAnOwner() {
    var client = server.connected();
    for (int n = 0; n < 70; n++) {
      var options = new RequestOptions();
      var job =
          client.request("report", n, n < 68 ? options : options.onDisconnect(OnDisconnect.CANCEL));
      server.loop.settle();
      server.give(ack(job, "job-" + n));
    }
    server.cut();
    var named = server.last().lastSeq().keySet();
    assertThat(named).hasSize(64).contains("job-68", "job-69");
    var all =
        named.stream().map(id -> attached(running(0).replace(JOB, id))).toArray(String[]::new);
    server.last().welcome(welcomeWith(all));
    server.loop.settle();
    var subscribed =
        server.last().all("subscribe").stream().map(frame -> frame.path("job_id").asText());
    assertThat(Stream.concat(named.stream(), subscribed))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 70).mapToObj(n -> "job-" + n).toList());
  }

  @Test
  void fragileJobsWithoutRoomInTheHelloAreNamedInFurtherOnesOneAtATime() {
    var client = server.connected();
    for (int n = 0; n < 140; n++) {
      var job = client.request("report", n, new RequestOptions().onDisconnect(OnDisconnect.CANCEL));
      server.loop.settle();
      server.give(ack(job, "job-" + n));
    }
    server.cut();
    var named = new ArrayList<List<String>>();
    Runnable welcome =
        () -> {
          var all = new ArrayList<String>();
          server.last().last("hello").path("last_seq").fieldNames().forEachRemaining(all::add);
          named.add(all);
          server
              .last()
              .welcome(
                  welcomeWith(
                      all.stream()
                          .map(id -> attached(running(0).replace(JOB, id)))
                          .toArray(String[]::new)));
          server.loop.settle();
        };
    welcome.run();
    welcome.run();
    var refused = server.last().last("hello").path("last_seq");
    server
        .last()
        .refuseAsked(
            "hello",
            "{'code':'RATE_LIMITED','message':'later','retryable':true,'retry_after_ms':700}");
    server.loop.pass(699);
    assertThat(server.last().all("hello")).hasSize(3);
    server.loop.pass(1);
    assertThat(server.last().all("hello")).hasSize(4);
    assertThat(server.last().last("hello").path("last_seq")).isEqualTo(refused);
    welcome.run();
    assertThat(named).extracting(List::size).containsExactly(64, 64, 12);
    assertThat(named.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(140);
    assertThat(server.last().all("hello")).hasSize(4);
    assertThat(server.last().all("subscribe")).isEmpty();
  }

  @Test
  void aJobThatTheWelcomeLeavesOutIsAskedForOnceMoreAndIsNotFound() {
    var job = server.running(server.connected());
    server.cut();
    server.last().welcome("{'recovered':false}");
    server.loop.settle();
    assertThat(server.last().last("subscribe").path("job_id").asText()).isEqualTo(JOB);
    server
        .last()
        .refuseAsked("subscribe", "{'code':'NOT_FOUND','message':'no job','retryable':false}");
    server.loop.settle();
    RequestsTest.assertFails(job, "NOT_FOUND", false, false);
  }

  @Test
  void aJobThatLivesAnewIsFollowedFromItsStartAndWhatWasSeenIsVoid() throws Exception {
    var job = server.running(server.connected(), watching());
    server.give(event(seq(5, 4), "old"));
    server.give(progress(seq(6, 4), 80));
    server.cut();
    server
        .last()
        .welcome(
            "{'recovered':false,'jobs':[%s]}"
                .formatted(attached(snapshot("running", seq(2), 15), event(seq(1), "new"))));
    server.give(complete(seq(3)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).containsExactly("old", "at 80", "void 0", "new", "at 15");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aJobWhoseStoredNumberIsBehindWhatWasSeenGoesOnWhereItWas(boolean recovered)
      throws Exception {
    var job = server.running(server.connected(), watching());
    server.give(progress(seq(60, 2), 80));
    server.cut();
    // the same epoch, or another job is why it is not recovered
    server
        .last()
        .welcome(
            "{'recovered':%s,'jobs':[%s]}"
                .formatted(recovered, attached(running(recovered ? seq(3) : seq(3, 2)))));
    server.give(complete(seq(61, 2)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).containsExactly("at 80");
  }

  @Test
  void whereSeveralJobsWereNamedOneThatMayLiveAnewIsAskedForAlone() throws Exception {
    var client = server.connected();
    var one = client.request("report", 1);
    var two = client.request("report", 2);
    server.loop.settle();
    server.give(ack(one, "job-1"));
    server.give(ack(two, "job-2"));
    server.give(progress(seq(1, 3), 50).replace(JOB, "job-1"));
    server.cut();
    var found = attached(running(seq(1)).replace(JOB, "job-1"));
    server.last().welcome("{'recovered':false,'jobs':[%s]}".formatted(found));
    server.loop.settle();
    assertThat(server.last().last("hello").path("last_seq"))
        .isEqualTo(json("{'job-1':%d}".formatted(seq(1, 3))));
    server.last().welcome("{'recovered':true,'jobs':[%s]}".formatted(found));
    server.give(complete(seq(2, 3)).replace(JOB, "job-1"));
    assertThat(one.await()).isEqualTo(json("{'ok':true}"));
  }

  @Test
  void attachFollowsAJobWithAllItsEventsThroughTheNextLineToo() throws Exception {
    var job = server.connected().attach(JOB, attaching());
    server.loop.settle();
    var asked = server.last().last("subscribe");
    assertThat(asked.path("after_seq").asLong()).isZero();
    assertThat(asked.has("frames")).isFalse();
    server.give(event(seq(2), "b"));
    server
        .last()
        .answer("subscribe", attached(snapshot("running", seq(1), 30), event(seq(1), "a")));
    server.loop.settle();
    assertThat(job.requestId()).contains("r");
    assertThat(job.action()).contains("report");
    assertThat(seen).containsExactly("a", "at 30", "b");
    server.cut();
    assertThat(server.last().lastSeq()).isEmpty();
    server.last().welcome("{}");
    server.loop.settle();
    assertThat(server.last().last("subscribe").path("after_seq").asLong()).isEqualTo(seq(2));
    server.last().answer("subscribe", attached(running(seq(2))));
    server.give(complete(seq(3)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
  }

  @Test
  void whatWasHeldBackBehindAnEndStaysUntold() throws Exception {
    var job = server.connected().attach(JOB, attaching());
    server.loop.settle();
    server.give(complete(seq(2)));
    server.give(progress(seq(3), 50));
    server.last().answer("subscribe", attached(snapshot("succeeded", seq(2), 100)));
    server.loop.settle();
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).isEmpty();
  }

  @Test
  void attachAsksForTheFramesItIsToldToAndAlwaysHearsOfTheEnd() throws Exception {
    var job =
        server
            .connected()
            .attach(JOB, attaching().frames(List.of(FrameKind.PROGRESS)).afterSeq(seq(4)));
    server.loop.settle();
    var asked = server.last().last("subscribe");
    assertThat(asked.path("frames")).isEqualTo(json("['progress','terminal']"));
    assertThat(asked.path("after_seq").asLong()).isEqualTo(seq(4));
    server.last().answer("subscribe", attached(running(seq(3))));
    server.give(progress(seq(5), 15));
    server.give(event(seq(6), "unwanted"));
    server.give(rewind(seq(7), 0));
    server.give(complete(seq(8)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(seen).containsExactly("at 10", "at 15");
  }

  @Test
  void anAttachThatCannotBeAnsweredNowIsTriedAgainAndOneThatIsRefusedFails() {
    var job = server.connected().attach(JOB);
    server.loop.settle();
    server
        .last()
        .refuseAsked(
            "subscribe",
            "{'code':'SERVICE_UNAVAILABLE','message':'no','retryable':true,'retry_after_ms':700}");
    server.loop.pass(699);
    assertThat(server.last().all("subscribe")).hasSize(1);
    server.loop.pass(1);
    assertThat(server.last().all("subscribe")).hasSize(2);
    server.last().refuseAsked("subscribe", "{'code':'NOT_FOUND','message':'no','retryable':false}");
    server.loop.settle();
    RequestsTest.assertFails(job, "NOT_FOUND", false, false);
  }

  @Test
  void twoHandlesOfOneJobEachSeeAllOfItAndOnlyTheLastOneUnsubscribes() {
    var client = server.connected();
    var ones = new ArrayList<JsonNode>();
    var twos = new ArrayList<JsonNode>();
    var one = client.attach(JOB, new AttachOptions().onEvent(event -> ones.add(event.data())));
    server.loop.settle();
    server.last().answer("subscribe", attached(running(seq(1)), event(seq(1), "a")));
    server.give(event(seq(2), "b"));
    var two = client.attach(JOB, new AttachOptions().onEvent(event -> twos.add(event.data())));
    server.loop.settle();
    server
        .last()
        .answer("subscribe", attached(running(seq(1)), event(seq(1), "a"), event(seq(2), "b")));
    server.give(event(seq(3), "c"));
    assertThat(ones).hasSize(3).isEqualTo(twos);
    one.unsubscribe();
    server.loop.settle();
    assertThat(one.result()).isCompletedExceptionally();
    assertThat(server.last().all("unsubscribe")).isEmpty();
    server.give(event(seq(4), "d"));
    assertThat(ones).hasSize(3);
    assertThat(twos).hasSize(4);
    two.unsubscribe();
    server.loop.settle();
    assertThat(server.last().last("unsubscribe").path("job_id").asText()).isEqualTo(JOB);
  }

  @Test
  void whatIsAskedAndNotAnsweredWhenTheLineIsCutIsAskedAgain() throws Exception {
    var job = server.running(server.connected());
    var status = job.status();
    var cancelled = job.cancel();
    server.loop.settle();
    server.cut();
    server.last().welcome(welcomeWith(attached(running(seq(1)))));
    server.loop.settle();
    server.last().answer("status", snapshot("running", seq(1), 66));
    server.last().answer("cancel", running(seq(1)));
    server.loop.settle();
    assertThat(status.get().percentage()).isEqualTo(66);
    assertThat(cancelled).isNotDone();
    server.give(failed(seq(9), "CANCELLED"));
    assertThat(cancelled.get()).isTrue();
  }
}
