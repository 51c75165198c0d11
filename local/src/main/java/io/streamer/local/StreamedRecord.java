package io.streamer.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/**
 * A record of a table's stream, as Lambda puts it into an event: numbers as strings, binary as
 * base64, the time in seconds.
 *
 * @param json one member of the event's {@code Records}
 */
record StreamedRecord(String sequenceNumber, Instant arrival, String json) {

  static StreamedRecord of(Record source, String streamArn) {
    var change = source.dynamodb();
    var json =
        new JsonObject()
            .put("eventID", source.eventID().replace("-", ""))
            .put("eventName", source.eventNameAsString())
            .put("eventVersion", source.eventVersion())
            .put("eventSource", source.eventSource())
            // DynamoDB Local says ddblocal
            .put("awsRegion", LocalAws.REGION.id())
            .put("dynamodb", change(change));
    var identity = source.userIdentity();
    if (identity != null) {
      json.put(
          "userIdentity",
          JsonObject.of("type", identity.type(), "principalId", identity.principalId()));
    }
    json.put("eventSourceARN", inRegion(streamArn));
    return new StreamedRecord(
        change.sequenceNumber(), change.approximateCreationDateTime(), json.encode());
  }

  /** The ARN with the region the rest of the stage has. */
  static String inRegion(String arn) {
    return arn.replace(":ddblocal:", ":" + LocalAws.REGION.id() + ":");
  }

  private static JsonObject change(StreamRecord change) {
    var json =
        new JsonObject()
            .put(
                "ApproximateCreationDateTime",
                change.approximateCreationDateTime().getEpochSecond())
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
