package io.streamer.client;

import static io.streamer.client.Server.JOB;
import static io.streamer.client.Server.ack;
import static io.streamer.client.Server.complete;
import static io.streamer.client.Server.json;
import static io.streamer.client.Server.seq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests, their answers, and what becomes of them when a line is lost. */
@Timeout(20)
class RequestsTest {
  private final Server server = new Server();

  /** What a handler has as a record, too. */
  public record Quote(String symbol, int howMany) {}

  @Test
  void aRequestHasAllThatItWasGiven() {
    var client = server.connected();
    var unused =
        client.request(
            "quote",
            new Quote("ACME", 3),
            new RequestOptions()
                .id("r-1")
                .metadata(Map.of("k", "v"))
                .traceparent("00-a-b-01")
                .priority(7)
                .delay(Duration.ofSeconds(1))
                .deadline(Duration.ofMinutes(1))
                .onDisconnect(OnDisconnect.CANCEL));
    server.loop.settle();
    assertThat(server.last().last("request"))
        .isEqualTo(
            json(
                "{'type':'request','id':'r-1','action':'quote','metadata':{'k':'v'},'traceparent':'00-a-b-01',"
                    + "'options':{'priority':7,'delay_ms':1000,'deadline_ms':60000,'on_disconnect':'cancel'},"
                    + "'payload':{'symbol':'ACME','how_many':3}}"));
  }

  @Test
  void whatIsNotGivenIsLeftOutAndAPayloadCanBeATextOfJson() {
    var client = server.connected();
    var unused = client.request("health", null);
    server.loop.settle();
    assertThat(server.last().last("request").properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder("type", "id", "action");
    var raw = client.request("echo", new RawValue("{\"n\": 1.10}"));
    server.loop.settle();
    assertThat(raw.ended()).isFalse();
    assertThat(server.last().texts.get(2)).contains("\"payload\":{\"n\": 1.10}");
  }

  @Test
  void anAnswerReachesItsOwnRequestAndNumbersStayAsTheyAre() throws Exception {
    var client = server.connected();
    var one = client.request("echo", 1);
    var two = client.request("echo", 2);
    server.loop.settle();
    respond(two, "1.10");
    respond(one, "{'symbol':'ACME','how_many':2,'novel':1}");
    assertThat(two.await().toString()).isEqualTo("1.10");
    assertThat(one.await(Quote.class)).isEqualTo(new Quote("ACME", 2));
    assertThat(one.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(one.accepted().get()).isEmpty();
    var wrong = catchThrowableOfType(StreamerException.class, () -> two.await(Quote.class));
    assertThat(wrong.code()).isEqualTo(StreamerException.RESULT_UNAVAILABLE);
  }

  @Test
  void anErrorHasAllThatTheServerSays() {
    var client = server.connected();
    var job = client.request("echo", 1, new RequestOptions().id("r-1"));
    server.loop.settle();
    server.give(
        "{'type':'error','request_id':'r-1','error':{'code':'RATE_LIMITED','message':'too many','retryable':true,"
            + "'retry_after_ms':1500,'details':{'limit':'frames','error_id':'e-1','may_have_started':true}}}");
    var e = catchThrowableOfType(StreamerException.class, job::await);
    assertThat(e.code()).isEqualTo("RATE_LIMITED");
    assertThat(e.reason()).isEqualTo("too many");
    assertThat(e.getMessage()).isEqualTo("RATE_LIMITED: too many");
    assertThat(e.retryable()).isTrue();
    assertThat(e.retryAfter()).contains(Duration.ofMillis(1_500));
    assertThat(e.details().path("limit").asText()).isEqualTo("frames");
    assertThat(e.requestId()).contains("r-1");
    assertThat(e.jobId()).isEmpty();
    assertThat(e.errorId()).contains("e-1");
    assertThat(e.mayHaveStarted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1006, 1012, 4408})
  void aRequestThatIsCutBeforeItsAnswerMayHaveRun(int code) {
    var client = server.connectedByTokens();
    var job = client.request("echo", 1);
    server.loop.settle();
    server.last().end(code, "gone");
    server.loop.pass(60_000);
    assertFails(job, "CONNECTION_LOST", false, true);
    assertThat(server.last().all("request")).isEmpty();
  }

  @Test
  void aJobThatIsCutBeforeItsAcknowledgmentIsSentAgainUnderItsId() throws Exception {
    var client = server.connected();
    var job = client.request("report", Map.of(), new RequestOptions().id("r").retry(Retry.JOB));
    server.loop.settle();
    var first = server.last().texts.get(1);
    server.last().end(1006, "");
    server.loop.pass(500);
    assertThat(server.last().texts.get(1)).isEqualTo(first);
    server.give(ack(job, JOB));
    server.give(complete(seq(2)));
    assertThat(job.await()).isEqualTo(json("{'ok':true}"));
    assertThat(job.accepted().get()).contains(JOB);
  }

  @Test
  void aJobWithoutAnAcknowledgmentIsSentThreeTimesAtMost() {
    var client = server.connected();
    var job = client.request("report", Map.of(), new RequestOptions().retry(Retry.JOB));
    server.loop.pass(59_999);
    assertThat(server.last().all("request")).hasSize(1);
    server.loop.pass(1);
    assertThat(server.last().all("request")).hasSize(2);
    server.loop.pass(120_000);
    assertThat(server.last().all("request")).hasSize(3);
    assertFails(job, "CONNECTION_LOST", true, true);
  }

  @Test
  void requestsWaitForAConnectionAndNoLongerThanTheirTime() throws Exception {
    server.arrived = socket -> socket.end(1006, "nobody there");
    var client = server.client(builder -> builder);
    var soon = client.request("echo", 1, new RequestOptions().waitTime(Duration.ofMillis(50)));
    var late = client.request("echo", 2);
    server.loop.pass(49);
    assertThat(soon.ended()).isFalse();
    server.loop.pass(1);
    assertFails(soon, "NOT_CONNECTED", true, false);
    assertThatThrownBy(soon::await).hasMessageContaining("nobody there");
    server.loop.pass(20_000);
    server.arrived = ServerSocket::accept;
    server.loop.pass(9_949);
    assertThat(late.ended()).isFalse();
    server.loop.pass(30_000);
    assertFails(late, "NOT_CONNECTED", true, false);
    var next = client.request("echo", 3);
    server.loop.settle();
    respond(next, "3");
    assertThat(next.await().asInt()).isEqualTo(3);
    assertThat(server.last().all("request")).hasSize(1);
  }

  @Test
  void aThousandRequestsWaitAtMost() {
    server.arrived = socket -> {};
    var client = server.client(builder -> builder);
    var all = new ArrayList<Job>();
    for (int n = 0; n < 1_002; n++) {
      all.add(client.request("echo", n));
    }
    server.loop.settle();
    assertThat(all.subList(0, 1_000)).noneMatch(Job::ended);
    assertFails(all.get(1_000), "TOO_MANY_WAITING", true, false);
    assertFails(all.get(1_001), "TOO_MANY_WAITING", true, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "€", "😀"})
  void aMessageOverTheLimitFailsWithItsSizeBeforeItIsSent(String letter) {
    server.greeting = server.greeting.replace("131072", "1000");
    var client = server.connected();
    int bytes = letter.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    int frame = "{\"type\":\"request\",\"id\":\"r\",\"action\":\"echo\",\"payload\":\"\"}".length();
    int fits = (1_000 - frame) / bytes;
    var small = client.request("echo", letter.repeat(fits), new RequestOptions().id("r"));
    server.loop.settle();
    assertThat(small.ended()).isFalse();
    respond(small, "1");
    var large = client.request("echo", letter.repeat(fits + 1), new RequestOptions().id("r"));
    server.loop.settle();
    assertFails(large, "PAYLOAD_TOO_LARGE", false, false);
    var e = catchThrowableOfType(StreamerException.class, large::await);
    assertThat(e.details().path("max_message_bytes").asInt()).isEqualTo(1_000);
    assertThat(e.details().path("size_bytes").asInt()).isEqualTo(frame + (fits + 1) * bytes);
    assertThat(server.last().all("request")).hasSize(1);
  }

  @Test
  void aMessageOverTheLargestFrameIsSplitByASocketThatCan() {
    server.greeting = server.greeting.replace("131072", "131072,'max_frame_bytes':1000");
    var client = server.connected();
    assertThat(server.last().frameBytes).isEqualTo(1_000);
    var job = client.request("echo", "x".repeat(1_000));
    server.loop.settle();
    assertThat(job.ended()).isFalse();
    assertThat(server.last().all("request")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"131072, 1000, max_frame_bytes", "500, 1000, max_message_bytes"})
  void aMessageOverTheLargestFrameFailsWhereItCannotBeSplit(int most, int frame, String name) {
    server.splits = false;
    server.greeting = server.greeting.replace("131072", most + ",'max_frame_bytes':" + frame);
    var client = server.connected();
    var small = client.request("echo", "x".repeat(400));
    var large = client.request("echo", "x".repeat(1_000));
    server.loop.settle();
    assertThat(small.ended()).isFalse();
    assertFails(large, "PAYLOAD_TOO_LARGE", false, false);
    var e = catchThrowableOfType(StreamerException.class, large::await);
    assertThat(e.details().path(name).asInt()).isEqualTo(Math.min(most, frame));
    assertThat(e.details().path("size_bytes").asInt()).isGreaterThan(1_000);
    assertThat(server.last().all("request")).hasSize(1);
  }

  @Test
  void aPayloadThatIsNoJsonIsRefusedOnTheSpot() {
    var client = server.connected();
    assertThatThrownBy(() -> client.request("echo", new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129, 1_000})
  void anIdThatTheServerWouldNotRepeatIsRefusedOnTheSpot(int length) {
    var options = new RequestOptions();
    assertThatThrownBy(() -> options.id("x".repeat(length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("128");
    assertThat(options.id("x".repeat(128))).isSameAs(options);
  }

  @Test
  void anIdThatIsUnderWayIsNotAskedTwice() {
    var client = server.connected();
    var one = client.request("echo", 1, new RequestOptions().id("r"));
    var two = client.request("echo", 1, new RequestOptions().id("r"));
    server.loop.settle();
    assertFails(two, "DUPLICATE_REQUEST", false, false);
    assertThat(one.ended()).isFalse();
    assertThat(server.last().all("request")).hasSize(1);
  }

  @Test
  void anAnswerThatNamesTheTokenIsAskedForOnceMoreOnANewLine() throws Exception {
    var client = server.connectedByTokens();
    var job = client.request("echo", 1, new RequestOptions().id("r"));
    server.loop.settle();
    var refusal =
        "{'type':'error','request_id':'r','error':{'code':'UNAUTHORIZED','message':'expired','retryable':false}}";
    server.give(refusal);
    assertThat(server.sockets).hasSize(2);
    assertThat(server.last().all("request")).hasSize(1);
    server.give(refusal);
    assertFails(job, "UNAUTHORIZED", false, false);
  }

  @Test
  void aFrameThatApiGatewayLostIsSentAgainIfItMayBe() {
    var client = server.connected();
    var job = client.request("report", 1, new RequestOptions().retry(Retry.JOB));
    var other = client.request("echo", 1);
    server.loop.settle();
    server.give("{'message':'Internal server error','requestId':'x'}");
    assertThat(server.last().all("request")).hasSize(3);
    server.loop.pass(30_000);
    assertFails(other, "CONNECTION_LOST", false, true);
    assertThat(job.ended()).isFalse();
  }

  @Test
  void whileApiGatewayFailsAtEachFrameItIsSentOnceASecondAtMost() {
    var client = server.connected();
    var unused = client.request("report", 1, new RequestOptions().retry(Retry.JOB));
    var other = client.request("echo", 1);
    server.loop.settle();
    for (int second = 0; second < 30; second++) {
      assertThat(other.ended()).isFalse();
      for (int time = 0; time < 5; time++) {
        server.give("{'message':'Internal server error','requestId':'x'}");
      }
      assertThat(server.last().all("request")).hasSize(3 + second);
      server.loop.pass(1_000);
    }
    assertFails(other, "CONNECTION_LOST", false, true);
  }

  @Test
  void whoLeavesIsToldSo() {
    var client = server.connected();
    var job = server.running(client);
    var echo = client.request("echo", 1);
    server.loop.settle();
    client.close();
    server.loop.settle();
    assertFails(job, "CLIENT_CLOSED", false, true);
    assertFails(echo, "CONNECTION_LOST", false, true);
    assertThat(server.last().closedByClient).isTrue();
    var behind = client.request("echo", 1);
    var attached = client.attach(JOB);
    server.loop.settle();
    for (var each : Arrays.asList(behind, attached)) {
      assertFails(each, "CLIENT_CLOSED", false, false);
    }
  }

  private void respond(Job job, String data) {
    server.give(
        "{'type':'response','request_id':'%s','success':true,'data':%s}"
            .formatted(job.requestId().orElseThrow(), data));
  }

  static void assertFails(Job job, String code, boolean retryable, boolean mayHaveStarted) {
    assertThat(job.ended()).isTrue();
    var e = catchThrowableOfType(StreamerException.class, job::await);
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.retryable()).isEqualTo(retryable);
    assertThat(e.mayHaveStarted()).isEqualTo(mayHaveStarted);
  }
}
