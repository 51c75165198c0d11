package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.Amazon;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@Timeout(60)
class StreamPumpTest extends PumpBench {
  @Test
  void recordsComeInOrderInBatchesOfAHundredAtMost() throws InterruptedException {
    Amazon.createTable(client, table);
    var ids = IntStream.range(0, 250).mapToObj(i -> "item" + i).toList();
    ids.forEach(id -> Amazon.put(client, table, id, START));
    pump.start();
    pump.awaitDrained();
    assertThat(function.ids()).isEqualTo(ids);
    assertThat(function.batches()).extracting(List::size).containsExactly(100, 100, 50);
  }

  @Test
  void recordsAreBundledUpToSixMegabytes() throws InterruptedException {
    Amazon.createTable(client, table);
    var large = Map.of("start", Amazon.s("1"), "text", Amazon.s("x".repeat(390 * 1024)));
    var ids = IntStream.range(0, 20).mapToObj(i -> "item" + i).toList();
    ids.forEach(id -> Amazon.put(client, table, id, large));
    pump.start();
    pump.awaitDrained();
    assertThat(function.ids()).isEqualTo(ids);
    assertThat(function.batches()).extracting(List::size).containsExactly(15, 5);
    assertThat(pump.givenUp()).isZero();
  }

  @Test
  void onlyRecordsToStartAreGiven() throws InterruptedException {
    Amazon.createTable(client, table);
    pump.start();
    Amazon.put(client, table, "plain", Map.of());
    Amazon.put(client, table, "other", Map.of("start", Amazon.s("0")));
    Amazon.put(client, table, "number", Map.of("start", AttributeValue.fromN("1")));
    Amazon.put(client, table, "wanted", START);
    client.deleteItem(r -> r.tableName(table).key(Amazon.item("wanted", Map.of())));
    pump.awaitDrained();
    assertThat(function.ids()).containsExactly("wanted");
  }

  @Test
  void theEventHasLambdasShape() throws InterruptedException {
    Amazon.createTable(client, table);
    pump.start();
    Amazon.put(client, table, "a", Map.of("start", Amazon.s("1"), "n", AttributeValue.fromN("0")));
    pump.awaitDrained();
    Amazon.put(client, table, "a", everyType());
    pump.awaitDrained();

    var record = RecordingFunction.records(function.events().getLast()).getFirst();
    assertThat(record.getString("eventID")).matches("[0-9a-f]{32}");
    assertThat(record.getString("eventName")).isEqualTo("MODIFY");
    assertThat(record.getString("eventVersion")).matches("1\\.\\d");
    assertThat(record.getString("eventSource")).isEqualTo("aws:dynamodb");
    assertThat(record.getString("awsRegion")).isEqualTo("us-east-1");
    assertThat(record.getString("eventSourceARN"))
        .startsWith("arn:aws:dynamodb:us-east-1:000000000000:table/" + table + "/stream/");
    assertThat(record.containsKey("userIdentity")).isFalse();
    var change = record.getJsonObject("dynamodb");
    var now = System.currentTimeMillis() / 1000;
    assertThat(change.getLong("ApproximateCreationDateTime")).isBetween(now - 600, now + 600);
    assertThat(change.getString("SequenceNumber")).matches("\\d+");
    assertThat(change.getInteger("SizeBytes")).isPositive();
    assertThat(change.getString("StreamViewType")).isEqualTo("NEW_AND_OLD_IMAGES");
    assertThat(change.getJsonObject("Keys")).isEqualTo(new JsonObject("{\"id\":{\"S\":\"a\"}}"));
    assertThat(change.getJsonObject("OldImage"))
        .isEqualTo(
            new JsonObject("{\"id\":{\"S\":\"a\"},\"start\":{\"S\":\"1\"},\"n\":{\"N\":\"0\"}}"));
    var image = change.getJsonObject("NewImage");
    assertThat(image.remove("strings")).satisfies(set -> assertSet(set, "SS", "x", "y"));
    assertThat(image.remove("numbers")).satisfies(set -> assertSet(set, "NS", "1", "2.5"));
    assertThat(image.remove("blobs")).satisfies(set -> assertSet(set, "BS", "AQI=", "Aw=="));
    assertThat(image)
        .isEqualTo(
            new JsonObject(
                """
                {"id":{"S":"a"},"start":{"S":"1"},"n":{"N":"12345678901234567890.5"},"b":{"B":"AQID"},
                 "yes":{"BOOL":true},"nothing":{"NULL":true},
                 "map":{"M":{"inner":{"L":[{"S":"x"},{"N":"7"}]},"empty":{"M":{}}}}}
                """));
  }

  @Test
  void afterTwoRetriesARecordIsGivenUpAndTheShardGoesOn() throws InterruptedException {
    Amazon.createTable(client, table);
    function.answer(event -> {
      if (RecordingFunction.ids(event).contains("poison")) {
        throw new IllegalStateException("poison");
      }
      return "null";
    });
    pump.start();
    Amazon.put(client, table, "poison", START);
    pump.awaitDrained();
    Amazon.put(client, table, "next", START);
    pump.awaitDrained();

    assertThat(function.ids()).containsExactly("poison", "poison", "poison", "next");
    assertThat(pump.givenUp()).isEqualTo(1);
  }

  @Test
  void aClosedShardIsFollowedByItsChild() throws Exception {
    Amazon.createTable(client, table);
    pump.start();
    Amazon.put(client, table, "before", START);
    pump.awaitDrained();
    Amazon.put(client, table, "last of the parent", START);
    dynamo.splitShards();
    Amazon.put(client, table, "first of the child", START);
    Amazon.put(client, table, "second of the child", START);
    pump.awaitDrained();
    assertThat(function.ids())
        .containsExactly(
            "before", "last of the parent", "first of the child", "second of the child");

    var late = new RecordingFunction();
    lambda.register(table, late);
    try (var fromTheStart = pump(lambda.uri(), NEVER)) {
      fromTheStart.start();
      fromTheStart.awaitDrained();
    }
    assertThat(late.ids()).isEqualTo(function.ids());
    assertThat(late.batches()).hasSize(2);
  }

  private static Map<String, AttributeValue> everyType() {
    return Map.of(
        "start", Amazon.s("1"),
        "n", AttributeValue.fromN("12345678901234567890.5"),
        "b", AttributeValue.fromB(bytes(1, 2, 3)),
        "yes", AttributeValue.fromBool(true),
        "nothing", AttributeValue.fromNul(true),
        "strings", AttributeValue.fromSs(List.of("x", "y")),
        "numbers", AttributeValue.fromNs(List.of("1", "2.5")),
        "blobs", AttributeValue.fromBs(List.of(bytes(1, 2), bytes(3))),
        "map",
            AttributeValue.fromM(
                Map.of(
                    "inner",
                        AttributeValue.fromL(List.of(Amazon.s("x"), AttributeValue.fromN("7"))),
                    "empty", AttributeValue.fromM(Map.of()))));
  }

  private static SdkBytes bytes(int... values) {
    var array = new byte[values.length];
    for (var i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return SdkBytes.fromByteArray(array);
  }

  private static void assertSet(Object attribute, String type, String... members) {
    assertThat(((JsonObject) attribute).getJsonArray(type).stream().map(String::valueOf))
        .containsExactlyInAnyOrder(members);
  }
}
