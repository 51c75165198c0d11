package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests do not wait for each other. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class ConcurrencyTest {
  @Parameter Door door;

  @Test
  void aHundredHandlersOfOneActionRunSideBySide() {
    var place = new JsonObject().put("name", UUID.randomUUID().toString()).put("people", 100);
    try (var peer = door.connect(Tokens.fresh())) {
      for (int i = 0; i < 100; i++) {
        peer.request("r-" + i, "test.meet", place);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(peer.answer("r-" + i).type()).isEqualTo("response");
      }
    }
  }

  @Test
  void twoHundredInterleavedRequestsAreEachAnsweredOnce() {
    try (var peer = door.connect(Tokens.fresh())) {
      for (int i = 0; i < 200; i++) {
        var payload = new JsonObject().put("millis", i);
        switch (i % 4) {
          case 0 -> peer.request("r-" + i, "echo", payload);
          case 1 -> peer.request("r-" + i, "test.estimated", payload);
          case 2 -> peer.request("r-" + i, "no.such.action", payload);
          default -> peer.send("{\"id\":\"r-" + i + "\",\"action\":5}");
        }
      }
      for (int i = 0; i < 200; i++) {
        peer.answer("r-" + i);
      }
      peer.settle();
      var answers =
          peer.frames().stream()
              .filter(frame -> !frame.is("pong"))
              .collect(Collectors.groupingBy(Frame::requestId, Collectors.counting()));
      assertThat(answers).hasSize(200).allSatisfy((_, count) -> assertThat(count).isOne());
      IntStream.range(0, 200)
          .filter(i -> i % 4 < 2)
          .forEach(i -> assertThat(millis(peer.answer("r-" + i))).isEqualTo(i));
    }
  }

  @Test
  void aSlowHandlerDoesNotHoldUpAQuickOneOfTheSameSocket() {
    var gate = UUID.randomUUID().toString();
    try (var peer = door.connect(Tokens.fresh())) {
      peer.request("slow", "test.gated", new JsonObject().put("gate", gate));
      peer.request("quick", "echo", new JsonObject());
      assertThat(peer.next().requestId()).isEqualTo("quick");
      TestActions.open(gate);
      assertThat(peer.answer("slow").type()).isEqualTo("response");
    }
  }

  @Test
  void handlersThatOnlyComputeDoNotHoldUpOthersForEver() {
    var gate = UUID.randomUUID().toString();
    try (var peer = door.connect(Tokens.fresh())) {
      // one for each carrier of virtual threads
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        peer.request("busy-" + i, "test.busy", new JsonObject().put("gate", gate));
      }
      peer.request("quick", "echo", new JsonObject());
      assertThat(peer.answer("quick").type()).isEqualTo("response");
    } finally {
      TestActions.open(gate);
    }
  }

  private static int millis(Frame answer) {
    var data = answer.data();
    return data.getJsonObject("echo", data).getInteger("millis");
  }
}
