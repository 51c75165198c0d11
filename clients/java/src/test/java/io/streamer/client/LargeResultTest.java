package io.streamer.client;

import static io.streamer.client.Server.json;
import static io.streamer.client.Server.seq;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result that is fetched. */
@Timeout(20)
class LargeResultTest {
  private static final String URL = "https://results.example.com/1?signature=s";

  private final Server server = new Server();
  private final ArrayList<Server.Fetch> fetches = new ArrayList<>();

  private Job completed(RequestOptions options, String url) {
    server.fetched = fetches::add;
    var job = server.running(server.connected(), options);
    server.give(Server.frame("complete", seq(2), "'success':true,'result_url':'" + url + "'"));
    return job;
  }

  private Job completed() {
    return completed(new RequestOptions(), URL);
  }

  private void answer(int status, String body) {
    fetches
        .get(fetches.size() - 1)
        .answer()
        .complete(new Transport.Fetched(status, body.getBytes(UTF_8)));
    server.loop.settle();
  }

  @Test
  void itBecomesTheResult() throws Exception {
    var job = completed();
    assertThat(job.ended()).isTrue();
    assertThat(job.result()).isNotDone();
    assertThat(fetches.get(0).url().toString()).isEqualTo(URL);
    assertThat(fetches.get(0).most()).isEqualTo(50L * 1024 * 1024);
    answer(200, "{\"rows\":[1,2.50]}");
    assertThat(job.await().toString()).isEqualTo("{\"rows\":[1,2.50]}");
  }

  @Test
  void itsAddressIsTheResultWhereThatIsWanted() throws Exception {
    var job = completed(new RequestOptions().fetchResult(false), URL);
    assertThat(job.await()).isEqualTo(json("{'result_url':'" + URL + "'}"));
    assertThat(fetches).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000})
  void oneOverTheLimitFails(int over) {
    var job = completed(new RequestOptions().maxResultBytes(10), URL);
    answer(200, "\"" + "x".repeat(8 + over) + "\"");
    if (over == 0) {
      assertThat(job.result()).isCompleted();
    } else {
      var e = catchThrowableOfType(StreamerException.class, job::await);
      assertThat(e.code()).isEqualTo("RESULT_TOO_LARGE");
      assertThat(e.retryable()).isFalse();
      assertThat(e.details().path("result_url").asText()).isEqualTo(URL);
    }
  }

  @Test
  void anAddressThatIsRefusedIsAskedForAnewThreeTimesInAll() {
    var job = completed();
    answer(403, "");
    server.loop.pass(499);
    assertThat(server.last().all("status")).isEmpty();
    server.loop.pass(1);
    server.last().answer("status", "{'status':'succeeded','result_url':'https://x.example.com/2'}");
    server.loop.settle();
    assertThat(fetches.get(1).url().toString()).isEqualTo("https://x.example.com/2");
    fetches.get(1).answer().completeExceptionally(new IOException("reset"));
    server.loop.pass(1_000);
    server.last().refuseAsked("status", "{'code':'RATE_LIMITED','message':'no'}");
    server.loop.settle();
    assertThat(fetches).hasSize(3);
    answer(404, "");
    server.loop.pass(100_000);
    var e = catchThrowableOfType(StreamerException.class, job::await);
    assertThat(e.code()).isEqualTo("RESULT_UNAVAILABLE");
    assertThat(e.retryable()).isTrue();
    assertThat(e.reason()).contains("404");
    assertThat(fetches).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no json", "{\"cut\":"})
  void whatIsNoJsonFails(String body) {
    var job = completed();
    answer(200, body);
    var e = catchThrowableOfType(StreamerException.class, job::await);
    assertThat(e.code()).isEqualTo("RESULT_UNAVAILABLE");
    assertThat(fetches).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "jar:https://x/y", "no address", "ftp://x/y"})
  void onlyTheWebIsAsked(String url) {
    var job = completed(new RequestOptions(), url);
    var e = catchThrowableOfType(StreamerException.class, job::await);
    assertThat(e.code()).isEqualTo("RESULT_UNAVAILABLE");
    assertThat(fetches).isEmpty();
  }
}
