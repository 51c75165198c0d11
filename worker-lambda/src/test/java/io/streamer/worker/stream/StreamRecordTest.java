package io.streamer.worker.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.job.JobId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamRecordTest {
  private static final String ID = "q1XnIcTZ9sJDYqDhb6cKNxKQ4NM";

  private static final String INSERT =
      """
      {"eventID":"3cbcbaf3a1e35f9d0f3d8f0c7d4b9a11","eventName":"INSERT","eventVersion":"1.1",
       "eventSource":"aws:dynamodb","awsRegion":"us-east-1",
       "dynamodb":{"ApproximateCreationDateTime":1764085660.0,
        "Keys":{"jobId":{"S":"q1XnIcTZ9sJDYqDhb6cKNxKQ4NM"}},
        "NewImage":{"jobId":{"S":"q1XnIcTZ9sJDYqDhb6cKNxKQ4NM"},"start":{"S":"1"},
         "status":{"S":"QUEUED"},"epoch":{"N":"0"},"attempt":{"N":"1"},
         "payload":{"B":"eyJhIjoxfQ=="},"percentage":{"N":"12.5"},"flag":{"BOOL":true},
         "route":{"M":{"connection":{"S":"c-1"},"expiresAt":{"N":"1764085720"}}},
         "permissions":{"L":[{"S":"a"},{"S":"b"}]},"message":{"S":""}},
        "SequenceNumber":"300000000000000499659","SizeBytes":70,"StreamViewType":"NEW_IMAGE"},
       "eventSourceARN":"arn:aws:dynamodb:us-east-1:111111111111:table/t-jobs/stream/2025-11-25"}
      """;

  private static final String MODIFY =
      """
      {"eventName":"MODIFY","dynamodb":{"Keys":{"jobId":{"S":"q1XnIcTZ9sJDYqDhb6cKNxKQ4NM"}},
       "NewImage":{"jobId":{"S":"q1XnIcTZ9sJDYqDhb6cKNxKQ4NM"},"status":{"S":"RUNNING"},
        "epoch":{"N":"1"},"leaseUntil":{"N":"1764085720123"}},
       "SequenceNumber":"300000000000000499660"}}
      """;

  private static final String EXPIRED =
      """
      {"eventName":"REMOVE","userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},
       "dynamodb":{"Keys":{"jobId":{"S":"q1XnIcTZ9sJDYqDhb6cKNxKQ4NM"}},
       "SequenceNumber":"300000000000000499661"}}
      """;

  @Test
  void anInsertOfAQueuedJobStartsIt() throws IOException {
    assertThat(read(INSERT))
        .containsExactly(
            new StreamRecord.Change(
                "300000000000000499659", Optional.of(new JobStart(new JobId(ID), 0))));
  }

  @Test
  void aRemoveHasNoImageAndStartsNothing() throws IOException {
    assertThat(read(EXPIRED))
        .containsExactly(new StreamRecord.Change("300000000000000499661", Optional.empty()));
  }

  @Test
  void onlyAQueuedJobThatAsksIsStarted() throws IOException {
    assertThat(starts(INSERT, MODIFY, EXPIRED)).containsExactly(new JobStart(new JobId(ID), 0));
    assertThat(starts(INSERT.replace("QUEUED", "RUNNING"))).isEmpty();
    assertThat(starts(INSERT.replace("\"start\":{\"S\":\"1\"}", "\"start\":{\"N\":\"1\"}")))
        .isEmpty();
  }

  @Test
  void whatAnotherVersionWritesBesideItDoesNoHarm() throws IOException {
    for (var attribute :
        List.of(
            "{\"SS\":[\"1\"]}",
            "{\"NS\":[\"1\"]}",
            "{\"NULL\":true}",
            "{\"N\":1}",
            "{}",
            "[]",
            "null")) {
      var image = INSERT.replace("{\"S\":\"\"}", attribute);
      assertThat(image).isNotEqualTo(INSERT);
      assertThat(starts(image)).as(attribute).containsExactly(new JobStart(new JobId(ID), 0));
    }
  }

  @Test
  void whatCannotBeReadLeavesTheOthersAlone() throws IOException {
    var records = read(INSERT.replace("{\"N\":\"0\"}", "{\"SS\":[\"1\"]}"), MODIFY, EXPIRED);

    assertThat(records).hasSize(3);
    assertThat(records.getFirst())
        .isEqualTo(
            new StreamRecord.Unreadable(
                "300000000000000499659", "a started job without its epoch"));
    assertThat(records.get(2)).isInstanceOf(StreamRecord.Change.class);
  }

  @Test
  void aStartWithoutAUsableIdOrEpochIsUnreadable() throws IOException {
    for (var broken :
        List.of(
            INSERT.replace("{\"N\":\"0\"}", "{\"N\":\"0.5\"}"),
            INSERT.replace("{\"N\":\"0\"}", "{\"N\":0}"),
            INSERT.replace("{\"N\":\"0\"}", "{\"S\":\"0\"}"),
            INSERT.replace("\"jobId\":{\"S\":\"" + ID + "\"},\"start\"", "\"start\""))) {
      assertThat(read(broken))
          .as(broken)
          .singleElement()
          .isInstanceOf(StreamRecord.Unreadable.class);
    }
  }

  @Test
  void aBatchWithoutRecordsOrNumbersIsNoBatch() {
    for (var batch :
        List.of(
            "",
            "null",
            "{}",
            "{\"Records\":{}}",
            "{\"Records\":[{}]}",
            "{\"Records\":[{\"dynamodb\":{}}]}",
            "{\"Records\":[{\"dynamodb\":{\"SequenceNumber\":1}}]}",
            "{\"Records\":[")) {
      assertThatThrownBy(() -> StreamRecord.readBatch(stream(batch)))
          .as(batch)
          .isInstanceOf(IOException.class);
    }
  }

  private static List<JobStart> starts(String... records) throws IOException {
    return read(records).stream()
        .flatMap(record -> ((StreamRecord.Change) record).start().stream())
        .toList();
  }

  private static List<StreamRecord> read(String... records) throws IOException {
    return StreamRecord.readBatch(stream("{\"Records\":[" + String.join(",", records) + "]}"));
  }

  private static ByteArrayInputStream stream(String json) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
  }
}
