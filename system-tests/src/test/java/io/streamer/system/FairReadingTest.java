package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.action.VertxAction;
import io.streamer.handler.Action;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Of a socket that sends without end an event loop reads a little at a time. */
@Timeout(60)
@ExtendWith(LocalStage.class)
class FairReadingTest {
  /** What is in the socket's buffers at once; more would wait with the client. */
  private static final int MESSAGES = 24;

  private static final int MESSAGE_BYTES = 2 * 1024;
  private static final String GATE = "the loop of FairReadingTest";
  private static final Queue<String> CALLED = new ConcurrentLinkedQueue<>();

  public record Turn(String who) {}

  /** Keeps who called, in their order. */
  @Action("test.turns")
  public static final class Turns extends VertxAction<Turn, RawJson> {
    @Override
    protected Future<RawJson> handle(Turn turn, Run run) {
      CALLED.add(turn.who().strip());
      return Future.succeededFuture(RawJson.of("true"));
    }
  }

  /** Keeps its event loop busy. */
  @Action("test.busy-loop")
  public static final class BusyLoop extends VertxAction<RawJson, RawJson> {
    @Override
    protected Future<RawJson> handle(RawJson nothing, Run run) {
      Gates.open(GATE + " is busy");
      try {
        Gates.pass(GATE);
      } catch (InterruptedException e) {
        return Future.failedFuture(e);
      }
      return Future.succeededFuture(RawJson.of("true"));
    }
  }

  @Test
  void whoSendsOneMessageDoesNotWaitForAllThatAnotherHasSent() throws Exception {
    var open = new ArrayList<RawSocket>();
    try {
      var three = threeOnOneLoop(open);
      var busy = three.get(0);
      var flood = three.get(1);
      var other = three.get(2);
      busy.send(request("test.busy-loop", new JsonObject()));
      Gates.pass(GATE + " is busy");
      for (int i = 0; i < MESSAGES; i++) {
        flood.send(request("test.turns", of("flood" + " ".repeat(MESSAGE_BYTES))));
      }
      other.send(request("test.turns", of("other")));
      Gates.open(GATE);
      for (int i = 0; i < MESSAGES; i++) {
        flood.text();
      }
      other.text();
      assertThat(CALLED).hasSize(MESSAGES + 1);
      assertThat(List.copyOf(CALLED).indexOf("other")).isLessThan(MESSAGES / 2);
    } finally {
      Gates.open(GATE);
      for (var socket : open) {
        socket.close();
      }
    }
  }

  /** There are more sockets than twice the event loops. */
  private static List<RawSocket> threeOnOneLoop(List<RawSocket> open) throws IOException {
    var byLoop = new HashMap<String, List<RawSocket>>();
    while (true) {
      var socket = new RawSocket(LocalStage.stage().direct(), Tokens.fresh());
      open.add(socket);
      socket.send(request("test.where", new JsonObject()));
      var where = Frame.of(socket.text()).data().getString("value");
      var there = byLoop.computeIfAbsent(where, _ -> new ArrayList<>());
      there.add(socket);
      if (there.size() == 3) {
        return there;
      }
    }
  }

  private static JsonObject of(String who) {
    return new JsonObject().put("who", who);
  }

  private static String request(String action, JsonObject payload) {
    return new JsonObject()
        .put("id", UUID.randomUUID().toString())
        .put("action", action)
        .put("payload", payload)
        .encode();
  }
}
