package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.shared.job.JobId;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A job's row that makes no sense is our fault and not the store's, and says so to its client. */
@ExtendWith(LocalStage.class)
class TroubleTest {
  private final String tenant = "tenant-" + UUID.randomUUID();
  private final String jobId = JobId.of(tenant, "ann", "r-1").value();
  private Store store;

  @BeforeEach
  void writeARowOfANewerVersion() {
    store = new Store(LocalStage.stage());
    store.putJob(
        Map.of(
            "jobId", AttributeValue.fromS(jobId),
            "status", AttributeValue.fromS("OF_A_NEWER_VERSION")));
  }

  @AfterEach
  void takeItAway() {
    store.removeJob(jobId);
    store.close();
  }

  static Stream<JsonObject> frames() {
    return Stream.of(
        new JsonObject().put("type", "status").put("id", "f-1").put("request_id", "r-1"),
        new JsonObject().put("type", "cancel").put("id", "f-1").put("request_id", "r-1"),
        new JsonObject().put("type", "subscribe").put("id", "f-1").put("request_id", "r-1"),
        new JsonObject()
            .put("id", "r-1")
            .put("action", "test.gated-job")
            .put("payload", new JsonObject().put("gate", "never")));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void itsClientIsToldUnderWhichIdTheLogHasIt(JsonObject frame) {
    try (var peer = Door.DIRECT.connect(Tokens.of("ann", tenant))) {
      var answer = peer.send(frame).answer(frame.getString("id"));
      assertThat(answer.code()).as(answer.text()).isEqualTo("INTERNAL_ERROR");
      assertThat(answer.error().getJsonObject("details").getString("error_id")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60})
  void aStoreThatIsAwayIsOneLineAMinuteHoweverManyAskForIt(int frames) {
    var faults = LocalStage.stage().faults();
    var reads = FaultRule.Requests.ANY.operation("GetItem");
    try (var log = new LogLines();
        var peer = Door.DIRECT.connect(Tokens.of("ann", tenant))) {
      faults.set(FaultPlan.of(1, FaultRule.store(reads, When.ALWAYS, new Fault.Fail())));
      for (int i = 0; i < frames; i++) {
        peer.send(
            new JsonObject().put("type", "status").put("id", "f" + i).put("request_id", "r-2"));
      }
      for (int i = 0; i < frames; i++) {
        var answer = peer.answer("f" + i);
        assertThat(answer.code()).as(answer.text()).isEqualTo("SERVICE_UNAVAILABLE");
      }
      assertThat(
              log.events().stream()
                  .filter(line -> line.getFormattedMessage().contains("job store")))
          .hasSizeLessThan(2);
    } finally {
      faults.clear();
      // so many calls that nobody answered count as an outage
      Until.holds("sockets are taken again", this::opens);
    }
  }

  private boolean opens() {
    try (var _ = Door.DIRECT.connect(Tokens.of("ann", tenant))) {
      return true;
    } catch (CompletionException _) {
      return false;
    }
  }
}
