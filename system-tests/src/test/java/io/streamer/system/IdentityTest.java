package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who a caller is comes from the token, and nothing in a frame changes it. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class IdentityTest {
  @Parameter Door door;

  private final String tenant = "tenant-" + UUID.randomUUID();

  @Test
  void requestIdStandsForId() {
    try (var peer = door.connect(Tokens.of("ann", tenant))) {
      var answer = peer.send("{\"request_id\":\"r-7\",\"action\":\"echo\"}").next();
      assertThat(answer.requestId()).isEqualTo("r-7");
    }
  }

  @Test
  void foreignIdentitiesInAFrameHaveNoEffect() {
    try (var peer = door.connect(Tokens.of("ann", tenant, "a:b", "c"))) {
      var me =
          peer.send(
                  """
                  {"id":"r-1","action":"test.whoami","payload":{},
                   "connection_id":"x","connectionId":"x","user_id":"root","userId":"root",
                   "tenant_id":"other","sub":"root","permissions":["all"],"unknown":[{}],
                   "metadata":{"user_id":"root","tenant_id":"other","note":"kept"}}
                  """)
              .answer("r-1")
              .data();
      assertThat(me.getString("id")).isEqualTo("r-1");
      assertThat(me.getString("user")).isEqualTo("ann");
      assertThat(me.getString("tenant")).isEqualTo(tenant);
      assertThat(me.getJsonArray("permissions")).isEqualTo(JsonArray.of("a:b", "c"));
      assertThat(me.getJsonObject("metadata").getString("note")).isEqualTo("kept");
    }
  }

  @Test
  void aJobIsFoundByItsOwnUserAlone() {
    var gate = UUID.randomUUID().toString();
    TestActions.open(gate);
    String jobId;
    try (var peer = door.connect(Tokens.of("ann", tenant))) {
      var request = new JsonObject().put("gate", gate);
      jobId = peer.request("r-1", "test.gated-job", request).acknowledgment("r-1").jobId();
      peer.terminal(jobId);
    }
    try (var again = door.connect(Tokens.of("ann", tenant))) {
      assertThat(byJob(again, jobId).data().getString("job_id")).isEqualTo(jobId);
    }
    var strangers =
        List.of(
            Tokens.of("bob", tenant),
            Tokens.of("ann", "tenant-other"),
            Tokens.of("ann", "tenant-other", "jobs:read"));
    for (var stranger : strangers) {
      try (var peer = door.connect(stranger)) {
        assertThat(byJob(peer, jobId).code()).isEqualTo("NOT_FOUND");
        assertThat(peer.status("r-1").code()).isEqualTo("NOT_FOUND");
      }
    }
    try (var reader = door.connect(Tokens.of("bob", tenant, "jobs:read"))) {
      assertThat(byJob(reader, jobId).data().getString("job_id")).isEqualTo(jobId);
      assertThat(reader.status("r-1").code()).isEqualTo("NOT_FOUND");
    }
  }

  private static Frame byJob(Peer peer, String jobId) {
    var id = UUID.randomUUID().toString();
    return peer.send(new JsonObject().put("type", "status").put("id", id).put("job_id", jobId))
        .answer(id);
  }
}
