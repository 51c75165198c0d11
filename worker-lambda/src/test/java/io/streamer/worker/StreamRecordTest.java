package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.store.Item;
import io.streamer.shared.store.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
  void anInsertIsReadFieldForField() throws IOException {
    assertThat(read(INSERT))
        .containsExactly(
            new StreamRecord.Change(
                StreamRecord.EventName.INSERT,
                "300000000000000499659",
                new Item(Map.of("jobId", new Value.S(ID))),
                Optional.of(
                    new Item(
                        Map.ofEntries(
                            Map.entry("jobId", new Value.S(ID)),
                            Map.entry("start", new Value.S("1")),
                            Map.entry("status", new Value.S("QUEUED")),
                            Map.entry("epoch", new Value.N("0")),
                            Map.entry("attempt", new Value.N("1")),
                            Map.entry("payload", new Value.B(RawJson.of("{\"a\":1}"))),
                            Map.entry("percentage", new Value.N("12.5")),
                            Map.entry("flag", new Value.Bool(true)),
                            Map.entry(
                                "route",
                                new Value.M(
                                    Map.of(
                                        "connection", new Value.S("c-1"),
                                        "expiresAt", new Value.N("1764085720")))),
                            Map.entry(
                                "permissions",
                                new Value.L(List.of(new Value.S("a"), new Value.S("b")))),
                            Map.entry("message", new Value.S("")))))));
  }

  @Test
  void aModifyIsReadFieldForField() throws IOException {
    assertThat(read(MODIFY))
        .containsExactly(
            new StreamRecord.Change(
                StreamRecord.EventName.MODIFY,
                "300000000000000499660",
                new Item(Map.of("jobId", new Value.S(ID))),
                Optional.of(
                    new Item(
                        Map.of(
                            "jobId", new Value.S(ID),
                            "status", new Value.S("RUNNING"),
                            "epoch", new Value.N("1"),
                            "leaseUntil", new Value.N("1764085720123"))))));
  }

  @Test
  void aRemoveHasNoImage() throws IOException {
    assertThat(read(EXPIRED))
        .containsExactly(
            new StreamRecord.Change(
                StreamRecord.EventName.REMOVE,
                "300000000000000499661",
                new Item(Map.of("jobId", new Value.S(ID))),
                Optional.empty()));
  }

  @Test
  void onlyAQueuedJobThatAsksIsStarted() throws IOException {
    assertThat(starts(INSERT, MODIFY, EXPIRED)).containsExactly(new JobStart(new JobId(ID), 0));
    assertThat(starts(INSERT.replace("QUEUED", "RUNNING"))).isEmpty();
    assertThat(starts(INSERT.replace("\"start\":{\"S\":\"1\"}", "\"start\":{\"N\":\"1\"}")))
        .isEmpty();
  }

  @Test
  void whatCannotBeReadLeavesTheOthersAlone() throws IOException {
    var records = read(INSERT, MODIFY.replace("{\"N\":\"1\"}", "{\"SS\":[\"1\"]}"), EXPIRED);

    assertThat(records).hasSize(3);
    assertThat(records.get(1))
        .isEqualTo(new StreamRecord.Unreadable("300000000000000499660", "an attribute of type SS"));
    assertThat(records.get(2)).isInstanceOf(StreamRecord.Change.class);
  }

  @Test
  void anImageOfAnotherFormIsUnreadable() throws IOException {
    for (var image :
        List.of(
            "{\"N\":1}",
            "{\"N\":null}",
            "{}",
            "[]",
            "{\"B\":\"not base64!\"}",
            "{\"BOOL\":\"true\"}",
            "{\"S\":\"1\",\"N\":\"1\"}",
            "{\"M\":[]}",
            "{\"L\":{}}")) {
      assertThat(read(MODIFY.replace("{\"N\":\"1\"}", image)))
          .as(image)
          .singleElement()
          .isInstanceOf(StreamRecord.Unreadable.class);
    }
  }

  @Test
  void aStartWithoutAUsableIdOrEpochIsRefused() throws IOException {
    for (var broken :
        List.of(
            INSERT.replace("{\"N\":\"0\"}", "{\"N\":\"0.5\"}"),
            INSERT.replace("{\"N\":\"0\"}", "{\"S\":\"0\"}"),
            INSERT.replace("\"jobId\":{\"S\":\"" + ID + "\"},\"start\"", "\"start\""))) {
      var change = (StreamRecord.Change) read(broken).getFirst();
      assertThatThrownBy(change::start).isInstanceOf(IllegalArgumentException.class);
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
