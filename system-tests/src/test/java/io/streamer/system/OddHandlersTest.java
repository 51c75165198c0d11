package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What handlers do that they had better not: the test kit says of it what production does. */
@ExtendWith(LocalStage.class)
class OddHandlersTest {
  private static final String FAILED = "failed";

  /** Does what it is told to, as a job. */
  @Action(value = "test.odd", expected = "1m", attempts = 1)
  public static final class Odd implements Handler<Odd.Request, Object> {
    public record Request(String what) {}

    @Override
    public Object handle(Request request, Run run) throws Exception {
      return switch (request.what()) {
        case "a report that is not a number" -> {
          run.progress(Double.NaN, "of nothing");
          yield Map.of("done", true);
        }
        case "a message that is null" -> {
          run.progress(5, null);
          yield Map.of("done", true);
        }
        case "twenty annotations" -> {
          for (int i = 0; i < 20; i++) {
            run.annotate("k" + i, "v");
          }
          yield Map.of("done", true);
        }
        case "a key cut within a character" -> {
          run.annotate("k\ud83d", "v\ud83d");
          run.progress(5, "half \ud83d");
          yield Map.of("done", true);
        }
        case "a reason in lower case" -> throw Failure.refused("no stock", "none left");
        case "a message of half a megabyte" -> throw Failure.refused("X", "x".repeat(500_000));
        case "an interrupt flag left set" -> {
          Thread.currentThread().interrupt();
          var paid = run.step("charge", String.class, _ -> "paid");
          run.file("a.txt", "text/plain", out -> out.write(1));
          yield Map.of("paid", paid);
        }
        case "a large result behind an interrupt" -> {
          Thread.currentThread().interrupt();
          yield Map.of("size", "x".repeat(150_000).length());
        }
        case "one step name twice" ->
            Map.of(
                "first", run.step("charge", Integer.class, _ -> 1),
                "second", run.step("charge", Integer.class, _ -> 2));
        case "a step without a result" -> {
          Object none = run.step("nothing", Void.class, _ -> null);
          yield Map.of("none", none == null);
        }
        case "a step whose list has a null" ->
            Map.of("size", run.step("list", List.class, _ -> Arrays.asList(1, null)).size());
        case "a step of a list of a kind" ->
            Map.of(
                "size", run.step("list", ArrayList.class, _ -> new ArrayList<>(List.of(1))).size());
        case "a step at the end of time" ->
            Map.of("date", run.step("date", LocalDate.class, _ -> LocalDate.MAX).toString());
        case "a step at the last moment" ->
            Map.of("moment", run.step("moment", Instant.class, _ -> Instant.MAX).toString());
        case "a result that is no JSON" -> RawJson.of("{\"a\":".getBytes(UTF_8));
        case "a result that slips fields in" ->
            RawJson.of("1},\"type\":\"pong\",\"x\":{".getBytes(UTF_8));
        case "a result nobody can write" -> new Object();
        case "an interrupt of its own" -> throw new InterruptedException("mine");
        default -> throw new IllegalArgumentException(request.what());
      };
    }
  }

  static Stream<Arguments> cases() {
    var done = new JsonObject().put("done", true).encode();
    return Stream.of(
        Arguments.of("a report that is not a number", done),
        Arguments.of("a message that is null", done),
        Arguments.of("twenty annotations", done),
        Arguments.of("a key cut within a character", done),
        Arguments.of("a reason in lower case", "refused"),
        Arguments.of("a message of half a megabyte", "refused"),
        Arguments.of("an interrupt flag left set", "{\"paid\":\"paid\"}"),
        Arguments.of("a large result behind an interrupt", "{\"size\":150000}"),
        Arguments.of("one step name twice", FAILED),
        Arguments.of("a step without a result", "{\"none\":true}"),
        Arguments.of("a step whose list has a null", null),
        Arguments.of("a step of a list of a kind", null),
        Arguments.of("a step at the end of time", null),
        Arguments.of("a step at the last moment", null),
        Arguments.of("a result that is no JSON", FAILED),
        Arguments.of("a result that slips fields in", FAILED),
        Arguments.of("a result nobody can write", FAILED),
        Arguments.of("an interrupt of its own", FAILED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theTestKitSaysWhatProductionDoes(String what, String expected) throws Exception {
    var kit = inTheKit(what);
    var stage = onTheStage(what);

    assertThat(kit).as("the test kit").isEqualTo(stage);
    if (expected != null) {
      assertThat(stage).as("production").isEqualTo(expected);
    }
  }

  private static String inTheKit(String what) throws InterruptedException {
    return switch (TestRun.of(new Odd()).run(new Odd.Request(what))) {
      case Outcome.Completed(var result) -> new JsonObject(result.toString()).encode();
      case Outcome.Refused _ -> "refused";
      case Outcome.Failed _ -> FAILED;
      case Outcome other -> other.toString();
    };
  }

  private static String onTheStage(String what) {
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      peer.request("r", "test.odd", new JsonObject().put("what", what));
      Function<Frame, String> told =
          end ->
              end.is("complete")
                  ? end.json().getJsonObject("result").encode()
                  : end.json()
                          .getJsonObject("error")
                          .getJsonObject("details", new JsonObject())
                          .containsKey("reason")
                      ? "refused"
                      : FAILED;
      return told.apply(peer.terminal(peer.acknowledgment("r").jobId()));
    }
  }
}
