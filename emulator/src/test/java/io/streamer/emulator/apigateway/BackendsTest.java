package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.apigateway.Backend.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The load balancer between the emulator and its backends. */
class BackendsTest {
  @Test
  void backendsAreTakenInTurnAndMayComeAndGo() throws Exception {
    try (var edge = Emulated.start();
        var second = new Backend();
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(200, "one"));
      second.behave(_ -> Answer.of(200, "two"));
      edge.gateway.backends().add(second.uri());
      assertThat(answers(open.socket(), 4)).containsOnlyOnce("one", "two").hasSize(2);
      edge.gateway.backends().remove(edge.backend.uri());
      assertThat(answers(open.socket(), 3)).containsOnly("two");
    }
  }

  @Test
  void aBackendThatRefusesConnectionsIsPassedOver() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(200, "alive"));
      edge.gateway.backends().add(nobody());
      assertThat(answers(open.socket(), 4)).containsExactly("alive");
    }
  }

  /** The distinct answers to so many messages. */
  private static List<String> answers(RawSocket socket, int messages) throws IOException {
    var answers = new ArrayList<String>();
    for (int i = 0; i < messages; i++) {
      socket.text("m");
      answers.add(socket.read());
    }
    return answers.stream().distinct().toList();
  }

  private static URI nobody() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }
}
