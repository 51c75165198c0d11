package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.apigateway.Backend.Answer;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.LimitExceededException;

/** What the backend hears of a connection's end. */
class DisconnectTest {
  @Test
  void aClientsCloseIsTold() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().close(4242, "enough");
      var seen = edge.backend.next();
      assertThat(seen.method()).isEqualTo("POST");
      assertThat(seen.path()).isEqualTo("/apigateway/disconnect");
      assertThat(seen.body()).isEmpty();
      assertThat(seen.header("connectionId")).isEqualTo(open.id());
      assertThat(seen.header("eventType")).isEqualTo("DISCONNECT");
      assertThat(seen.header("User-Agent")).isEqualTo("AmazonAPIGateway_local0api1");
    }
  }

  @Test
  void aSocketThatBreaksIsTold() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().drop();
      assertThat(edge.backend.next().header("connectionId")).isEqualTo(open.id());
    }
  }

  @Test
  void ourOwnCloseIsToldEvenIfTheClientDoesNotAnswerIt() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.aws.deleteConnection(r -> r.connectionId(open.id()));
      open.socket().frame();
      open.socket().drop();
      assertThat(edge.backend.next().header("connectionId")).isEqualTo(open.id());
    }
  }

  @Test
  void aClientThatReadsNothingIsCutOffSomeTimeAfterOurClose() throws Exception {
    try (var edge = Emulated.start();
        var socket = new RawSocket(edge.gateway.socketUri(), Map.of(), 4_096)) {
      var id = edge.backend.next().header("connectionId");
      var push = Bytes.of("x".repeat(131_072));
      assertThatThrownBy(
              () -> {
                while (true) {
                  edge.aws.postToConnection(r -> r.connectionId(id).data(push));
                }
              })
          .isInstanceOf(LimitExceededException.class);
      edge.aws.deleteConnection(r -> r.connectionId(id));
      assertThat(edge.backend.sawNothingElse()).isTrue();
      edge.clock.advance(Duration.ofSeconds(10));
      assertThat(edge.backend.next().header("connectionId")).isEqualTo(id);
      assertThat(socket.status()).isEqualTo(101);
    }
  }

  @Test
  void aLostDisconnectIsNeverTold() throws Exception {
    try (var edge = Emulated.start();
        var lost = edge.open()) {
      edge.faults.add(FaultRule.disconnect(When.first(1), new Fault.Drop()));
      lost.socket().close(1000, "");
      lost.socket().readClose();
      try (var kept = edge.open()) {
        kept.socket().close(1000, "");
        assertThat(edge.backend.next().header("connectionId")).isEqualTo(kept.id());
      }
    }
  }

  @Test
  void aLateDisconnectComesWhenItsTimeHasCome() throws Exception {
    try (var edge = Emulated.start();
        var late = edge.open()) {
      edge.faults.add(FaultRule.disconnect(When.ALWAYS, new Fault.Delay(Duration.ofMinutes(1))));
      late.socket().close(1000, "");
      late.socket().readClose();
      try (var next = edge.open()) {
        edge.clock.advance(Duration.ofMinutes(1));
        assertThat(edge.backend.next().header("connectionId")).isEqualTo(late.id());
        assertThat(next.socket().status()).isEqualTo(101);
      }
    }
  }

  @Test
  void aDoubledDisconnectComesTwiceAsTwoRequests() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.faults.add(FaultRule.disconnect(When.ALWAYS, new Fault.Duplicate()));
      open.socket().close(1000, "");
      assertThat(edge.backend.next().header("connectionId")).isEqualTo(open.id());
      assertThat(edge.backend.next().header("connectionId")).isEqualTo(open.id());
    }
  }

  @Test
  void aBackendThatFailsAtDisconnectIsNotAskedAgain() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(500, "no"));
      open.socket().close(1000, "");
      edge.backend.next();
      open.socket().readClose();
      edge.backend.behave(_ -> Answer.NOTHING);
      try (var next = edge.open()) {
        assertThat(next.id()).isNotEqualTo(open.id());
      }
    }
  }

  @Test
  void stoppingTheEmulatorClosesSocketsAndTellsTheBackend() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var stopped = edge.gateway.close();
      assertThat(open.socket().readClose().code()).isEqualTo(1001);
      assertThat(edge.backend.next().header("connectionId")).isEqualTo(open.id());
      stopped.await();
    }
  }
}
