package io.streamer.shared.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Result;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which results go with a frame, where there is no place for others. */
class ResultsTest {
  /** What API Gateway sends at once. */
  private static final int MOST_SENT = 128 * 1_024;

  private static final Environment ENVIRONMENT = new Environment(Map.of("AWS_REGION", "us-east-1"));

  private final Blobs blobs =
      new Blobs(
          BlobSettings.read(ENVIRONMENT), AwsSettings.read(ENVIRONMENT), InstantSource.system());
  private final Results results = new Results(blobs);

  @AfterEach
  void close() {
    blobs.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\"", "\\", "\n", "\u0001", "\u001f", "\u007f", "é", "語", "😀"})
  void whatIsSentWithAResultIsNoLargerThanTheServiceTakes(String filling) {
    var annotations = new HashMap<String, String>();
    for (int i = 0; i < 16; i++) {
      annotations.put(i + filling.repeat(62 / filling.length()), filled(filling, 256));
    }
    var largest = Results.mostInlineBytes(annotations);
    var json = json(largest);
    assertThat(results.keep("acme", json, annotations)).isEqualTo(new Result.Inline(json));
    var frame =
        new ServerFrame.Complete(
            filled(filling, 256),
            "j".repeat(64),
            Long.MAX_VALUE,
            new ServerFrame.Result.Inline(json),
            annotations);
    assertThat(WireCodec.write(frame, 0).length).isLessThanOrEqualTo(MOST_SENT);
    assertThatThrownBy(() -> results.keep("acme", json(largest + 1), annotations))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.reason()).isEqualTo("RESULT_TOO_LARGE"));
  }

  @Test
  void fewAnnotationsTakeNothingFromAResult() {
    assertThat(Results.mostInlineBytes(Map.of())).isEqualTo(Results.MOST_INLINE_BYTES);
    assertThat(Results.mostInlineBytes(Map.of("page", "語".repeat(256))))
        .isEqualTo(Results.MOST_INLINE_BYTES);
  }

  private static String filled(String filling, int chars) {
    return filling.repeat(chars / filling.length());
  }

  private static RawJson json(int bytes) {
    return RawJson.of("\"" + "x".repeat(bytes - 2) + "\"");
  }
}
