package io.streamer.local;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/**
 * Gives batches to a function until they are handled or given up, as an event source mapping with
 * {@code MaximumRetryAttempts} 2, {@code ReportBatchItemFailures} and a failure destination. One
 * thread at a time.
 */
final class StreamDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(StreamDelivery.class);

  private static final int RETRIES = 2;
  private static final int MAX_RECORDS = 100;
  // Lambda's 6 MB for a whole event, less its frame
  private static final int MAX_BYTES = 6 * 1024 * 1024 - 1024;
  private static final int KEPT_FAILURES = 1_000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  /** One call of the function that was answered. */
  private record Answered(
      String requestId, int status, String version, @Nullable String error, BatchAnswer answer) {}

  private final LambdaClient lambda;
  private final String function;
  private final Deque<String> failures = new ArrayDeque<>();
  // beside the interrupt, because the SDK may turn that into an exception of its own
  private volatile boolean stopped;

  StreamDelivery(LambdaClient lambda, String function) {
    this.lambda = lambda;
    this.function = function;
  }

  /** The newest failure documents, oldest first. */
  List<String> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /** Lets {@link #deliver} end by an InterruptedException at its next pause or refusal. */
  void stop() {
    stopped = true;
  }

  /** Returns when every record was handled or given up. */
  void deliver(String streamArn, String shardId, List<StreamedRecord> records)
      throws InterruptedException {
    var batch = new ArrayList<StreamedRecord>();
    var bytes = 0;
    for (var record : records) {
      var size = record.json().getBytes(StandardCharsets.UTF_8).length + 1;
      if (!batch.isEmpty() && (batch.size() == MAX_RECORDS || bytes + size > MAX_BYTES)) {
        deliverBatch(streamArn, shardId, batch);
        batch.clear();
        bytes = 0;
      }
      batch.add(record);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      deliverBatch(streamArn, shardId, batch);
    }
  }

  private void deliverBatch(String streamArn, String shardId, List<StreamedRecord> batch)
      throws InterruptedException {
    var rest = List.copyOf(batch);
    for (var invocations = 1; ; invocations++) {
      var answered = invoke(rest);
      switch (answered.answer()) {
        case BatchAnswer.AllDone _ -> {
          return;
        }
        case BatchAnswer.DoneBefore(var index) -> rest = rest.subList(index, rest.size());
      }
      if (invocations > RETRIES) {
        giveUp(document(streamArn, shardId, rest, answered, invocations));
        return;
      }
      Thread.sleep(pause(invocations));
    }
  }

  /**
   * Throttles and an unreachable service are no answer and no attempt: it tries until there is one.
   */
  private Answered invoke(List<StreamedRecord> batch) throws InterruptedException {
    var event =
        batch.stream()
            .map(StreamedRecord::json)
            .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    for (var refusals = 1; ; refusals++) {
      try {
        return answered(event, batch);
      } catch (SdkException e) {
        if (stopped) {
          throw new InterruptedException("while invoking " + function);
        }
        var status = e instanceof SdkServiceException service ? service.statusCode() : 0;
        LOG.debug("{} was not invoked ({}), again in {}", function, status, pause(refusals), e);
        Thread.sleep(pause(refusals));
      }
    }
  }

  private Answered answered(String event, List<StreamedRecord> batch) {
    var response =
        lambda.invoke(r ->
            r.functionName(function)
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(SdkBytes.fromUtf8String(event)));
    var answer =
        response.functionError() == null
            ? BatchAnswer.read(
                response.payload().asByteArray(),
                batch.stream().map(StreamedRecord::sequenceNumber).toList())
            : BatchAnswer.NOTHING_DONE;
    return new Answered(
        response.responseMetadata().requestId(),
        response.statusCode(),
        response.executedVersion(),
        response.functionError(),
        answer);
  }

  private void giveUp(JsonObject document) {
    LOG.warn("gave up a batch: {}", document);
    synchronized (failures) {
      if (failures.size() == KEPT_FAILURES) {
        failures.removeFirst();
      }
      failures.addLast(document.encode());
    }
  }

  private JsonObject document(
      String streamArn,
      String shardId,
      List<StreamedRecord> records,
      Answered last,
      int invocations) {
    return new JsonObject()
        .put(
            "requestContext",
            new JsonObject()
                .put("requestId", last.requestId())
                .put("functionArn", LambdaContext.arn(function))
                .put("condition", "RetryAttemptsExhausted")
                .put("approximateInvokeCount", invocations))
        .put(
            "responseContext",
            new JsonObject()
                .put("statusCode", last.status())
                .put("executedVersion", last.version())
                .put("functionError", last.error()))
        .put("version", "1.0")
        .put("timestamp", MILLIS.format(Instant.now()))
        .put(
            "DDBStreamBatchInfo",
            new JsonObject()
                .put("shardId", shardId)
                .put("startSequenceNumber", records.getFirst().sequenceNumber())
                .put("endSequenceNumber", records.getLast().sequenceNumber())
                .put("approximateArrivalOfFirstRecord", seconds(records.getFirst().arrival()))
                .put("approximateArrivalOfLastRecord", seconds(records.getLast().arrival()))
                .put("batchSize", records.size())
                .put("streamArn", StreamedRecord.inRegion(streamArn)));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static Duration pause(int tries) {
    var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
