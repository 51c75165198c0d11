package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The estimate decides whether a request is answered on the spot. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class ThresholdTest {
  @Parameter Door door;

  @ParameterizedTest
  @CsvSource({"0, response", "4999, response", "5000, response", "5001, acknowledgment"})
  void anEstimateAboveTheThresholdMakesAJob(long millis, String answer) {
    try (var peer = door.connect(Tokens.fresh())) {
      var payload = new JsonObject().put("millis", millis);
      var first = peer.request("r-1", "test.estimated", payload).next();
      assertThat(first.type()).isEqualTo(answer);
      var result = first.is("response") ? first.data() : peer.terminal(first.jobId()).result();
      assertThat(result).isEqualTo(payload);
    }
  }
}
