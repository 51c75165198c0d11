package io.streamer.local.stream;

import io.streamer.local.aws.DeadLetters;
import io.streamer.local.aws.LocalAws;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a failure destination learns of records given up, as SQS and SNS get it: where they stand,
 * not what they hold.
 */
record FailureDocument(
    Condition condition,
    String function,
    String streamArn,
    String shard,
    List<StreamedRecord> records,
    Optional<Answered> last,
    int invocations) {
  /** Why. */
  enum Condition {
    RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
    RECORD_AGE_EXCEEDED("RecordAgeExceeded");

    private final String written;

    Condition(String written) {
      this.written = written;
    }
  }

  /**
   * The document; {@code responseContext} is left out if the function was never reached, which no
   * public record of AWS shows.
   */
  String json(Instant now) {
    var document =
        new JsonObject()
            .put(
                "requestContext",
                new JsonObject()
                    .put(
                        "requestId",
                        last.map(Answered::requestId).orElseGet(() -> UUID.randomUUID().toString()))
                    .put("functionArn", LocalAws.functionArn(function))
                    .put("condition", condition.written)
                    .put("approximateInvokeCount", invocations));
    last.ifPresent(answer ->
        document.put(
            "responseContext",
            new JsonObject()
                .put("statusCode", answer.status())
                .put("executedVersion", answer.version())
                .put("functionError", answer.error())));
    return document
        .put("version", "1.0")
        .put("timestamp", DeadLetters.timestamp(now))
        .put(
            "DDBStreamBatchInfo",
            new JsonObject()
                .put("shardId", shard)
                .put("startSequenceNumber", records.getFirst().sequenceNumber())
                .put("endSequenceNumber", records.getLast().sequenceNumber())
                .put("approximateArrivalOfFirstRecord", seconds(records.getFirst().arrival()))
                .put("approximateArrivalOfLastRecord", seconds(records.getLast().arrival()))
                .put("batchSize", records.size())
                .put("streamArn", StreamedRecord.inRegion(streamArn)))
        .encode();
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
