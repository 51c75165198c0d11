package io.streamer.emulator.stream;

import io.streamer.emulator.aws.LocalAws;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/**
 * A record of a table's stream, as Lambda puts it into an event: numbers as strings, binary as
 * base64, the time in seconds.
 *
 * @param arrival when it was written
 * @param key the item's whole key, equal for equal keys
 * @param json one member of the event's {@code Records}
 * @param bytes the length of {@code json} in UTF-8
 */
record StreamedRecord(String sequenceNumber, Instant arrival, String key, String json, int bytes) {
  /** What DynamoDB Local calls its region in ARNs. */
  private static final String LOCAL_REGION = ":ddblocal:";

  /** What a function would get of {@code source}, if the filter wants it. */
  static Optional<StreamedRecord> wanted(
      Record source, String streamArn, Filter filter, Instant now) {
    var change = source.dynamodb();
    var arrival = arrival(change.approximateCreationDateTime(), streamArn, now);
    var record = record(source, streamArn, arrival);
    if (!filter.matches(record)) {
      return Optional.empty();
    }
    var json = record.encode();
    return Optional.of(
        new StreamedRecord(
            change.sequenceNumber(),
            arrival,
            new TreeMap<>(change.keys()).toString(),
            json,
            json.getBytes(StandardCharsets.UTF_8).length));
  }

  /** DynamoDB Local cuts to the minute: the end of that minute makes nothing older than it is. */
  private static Instant arrival(Instant stamped, String streamArn, Instant now) {
    if (!streamArn.contains(LOCAL_REGION)) {
      return stamped;
    }
    var latest = stamped.plus(Duration.ofMinutes(1));
    return latest.isBefore(now) ? latest : now;
  }

  private static JsonObject record(Record source, String streamArn, Instant arrival) {
    var json =
        new JsonObject()
            .put("eventID", source.eventID().replace("-", ""))
            .put("eventName", source.eventNameAsString())
            .put("eventVersion", source.eventVersion())
            .put("eventSource", source.eventSource())
            .put("awsRegion", LocalAws.REGION.id())
            .put("dynamodb", change(source.dynamodb(), arrival));
    var identity = source.userIdentity();
    if (identity != null) {
      json.put(
          "userIdentity",
          JsonObject.of("type", identity.type(), "principalId", identity.principalId()));
    }
    return json.put(
        "eventSourceARN", streamArn.replace(LOCAL_REGION, ":" + LocalAws.REGION.id() + ":"));
  }

  private static JsonObject change(StreamRecord change, Instant arrival) {
    var json =
        new JsonObject()
            .put("ApproximateCreationDateTime", arrival.getEpochSecond())
            .put("Keys", image(change.keys()));
    if (change.hasNewImage()) {
      json.put("NewImage", image(change.newImage()));
    }
    if (change.hasOldImage()) {
      json.put("OldImage", image(change.oldImage()));
    }
    return json.put("SequenceNumber", change.sequenceNumber())
        .put("SizeBytes", change.sizeBytes())
        .put("StreamViewType", change.streamViewTypeAsString());
  }

  private static JsonObject image(Map<String, AttributeValue> attributes) {
    var json = new JsonObject();
    attributes.forEach((name, value) -> json.put(name, attribute(value)));
    return json;
  }

  private static JsonObject attribute(AttributeValue value) {
    return switch (value.type()) {
      case S -> JsonObject.of("S", value.s());
      case N -> JsonObject.of("N", value.n());
      case B -> JsonObject.of("B", base64(value.b()));
      case SS -> JsonObject.of("SS", new JsonArray(value.ss()));
      case NS -> JsonObject.of("NS", new JsonArray(value.ns()));
      case BS ->
          JsonObject.of(
              "BS", new JsonArray(value.bs().stream().map(StreamedRecord::base64).toList()));
      case M -> JsonObject.of("M", image(value.m()));
      case L ->
          JsonObject.of(
              "L", new JsonArray(value.l().stream().map(StreamedRecord::attribute).toList()));
      case BOOL -> JsonObject.of("BOOL", value.bool());
      case NUL -> JsonObject.of("NULL", value.nul());
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalStateException("an unknown attribute type: " + value);
    };
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }
}
