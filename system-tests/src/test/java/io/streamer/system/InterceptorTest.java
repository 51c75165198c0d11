package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Interceptor;
import io.streamer.handler.Run;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One interceptor sees fast requests and jobs, when they are accepted and when they run. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class InterceptorTest {
  @Parameter Door door;

  private static final String TURNED_AWAY = "test:turned-away";

  /** Registered by {@link TestActions}, so it wraps every action of the stage. */
  static final class Witness implements Interceptor {
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    @Override
    public void accept(String action, Caller caller) {
      if (caller.has(TURNED_AWAY)) {
        throw Failure.forbidden("not today");
      }
      SEEN.add(caller.user() + " asks for " + action);
    }

    @Override
    public Object run(String action, Run run, Next next) throws Exception {
      var who = run.caller().user();
      SEEN.add(who + " enters " + action);
      var result = next.proceed();
      SEEN.add(who + " leaves " + action);
      return result;
    }

    static List<String> of(String user) {
      return SEEN.stream().filter(line -> line.startsWith(user + " ")).toList();
    }
  }

  private final String user = "user-" + UUID.randomUUID();

  @Test
  void aFastRequestIsSeenAtAcceptAndRun() {
    try (var peer = door.connect(Tokens.of(user, "acme"))) {
      peer.request("r-1", "test.estimated", JsonObject.of("millis", 1)).answer("r-1");
    }
    assertThat(Witness.of(user))
        .containsExactly(
            user + " asks for test.estimated",
            user + " enters test.estimated",
            user + " leaves test.estimated");
  }

  @Test
  void aJobIsSeenAtAcceptInTheGatewayAndAtRunInTheWorker() {
    try (var peer = door.connect(Tokens.of(user, "acme"))) {
      var ack =
          peer.request("r-1", "test.estimated", JsonObject.of("millis", 60_000))
              .acknowledgment("r-1");
      peer.terminal(ack.jobId());
    }
    assertThat(Witness.of(user))
        .containsExactly(
            user + " asks for test.estimated",
            user + " enters test.estimated",
            user + " leaves test.estimated");
  }

  @Test
  void whoIsTurnedAwayIsToldAndNothingIsQueued() {
    try (var peer = door.connect(Tokens.of(user, "acme", TURNED_AWAY))) {
      for (var action : List.of("test.estimated", "test.doubled")) {
        var answer =
            peer.request(action, action, JsonObject.of("millis", 60_000, "number", 1))
                .answer(action);
        assertThat(answer.code()).isEqualTo("FORBIDDEN");
        assertThat(answer.error().getString("message")).isEqualTo("not today");
        assertThat(peer.status(action).code()).isEqualTo("NOT_FOUND");
      }
    }
    assertThat(Witness.of(user)).isEmpty();
  }

  @Test
  void anActionOnVertxIsSeenAtAccept() {
    try (var peer = door.connect(Tokens.of(user, "acme"))) {
      peer.request("r-1", "test.doubled", JsonObject.of("number", 1)).answer("r-1");
    }
    assertThat(Witness.of(user)).containsExactly(user + " asks for test.doubled");
  }
}
