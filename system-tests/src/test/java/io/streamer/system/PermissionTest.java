package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What an action needs is asked before anything is accepted. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class PermissionTest {
  @Parameter Door door;

  private final String gate = UUID.randomUUID().toString();
  private final JsonObject payload = new JsonObject().put("gate", gate);

  @Test
  void aMissingPermissionIsForbiddenAndNothingIsStored() {
    for (var permissions :
        List.of(new String[] {}, new String[] {"reports"}, new String[] {"reports:read"})) {
      try (var peer = door.connect(Tokens.fresh(permissions))) {
        for (var action : List.of("test.guarded", "test.guarded-job")) {
          var error = peer.request(action, action, payload).next();
          assertThat(error.is("error")).as(error::text).isTrue();
          assertThat(error.code()).isEqualTo("FORBIDDEN");
        }
        assertThat(peer.status("test.guarded-job").code()).isEqualTo("NOT_FOUND");
        assertThat(TestActions.runs(gate)).isZero();
      }
    }
  }

  @Test
  void aMissingPermissionIsToldBeforeAWrongPayload() {
    try (var peer = door.connect(Tokens.fresh())) {
      var error = peer.request("r-1", "test.guarded", new JsonObject()).next();
      assertThat(error.code()).isEqualTo("FORBIDDEN");
    }
  }

  @Test
  void whoHasThePermissionsIsServed() {
    TestActions.open(gate);
    try (var peer = door.connect(Tokens.fresh("reports:write", "reports:read"))) {
      assertThat(peer.request("r-1", "test.guarded", payload).next().data()).isEqualTo(payload);
      var ack = peer.request("r-2", "test.guarded-job", payload).acknowledgment("r-2");
      assertThat(peer.terminal(ack.jobId()).result()).isEqualTo(payload);
    }
  }
}
