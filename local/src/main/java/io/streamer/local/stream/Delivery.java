package io.streamer.local.stream;

import io.streamer.local.aws.DeadLetters;
import io.streamer.local.fault.Faults;
import io.streamer.local.stream.FailureDocument.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Gives batches to a function until every record was handled or given up. */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** A stream keeps its records so long; nothing is repeated after that. */
  private static final Duration RETENTION = Duration.ofHours(24);

  // AWS tells no curve; short ones keep a developer's failures quick
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /**
   * Records still to be given together.
   *
   * @param invocations answered calls with just these records
   * @param refusals calls since then that were throttled or not answered
   */
  private record Part(
      List<StreamedRecord> records, int invocations, int refusals, Optional<Answered> last) {
    static Part fresh(List<StreamedRecord> records) {
      return new Part(records, 0, 0, Optional.empty());
    }

    Part refused() {
      return new Part(records, invocations, refusals + 1, last);
    }

    Part failed(Answered answer, int done) {
      return new Part(
          records.subList(done, records.size()), invocations + 1, 0, Optional.of(answer));
    }

    Part first(int count) {
      return new Part(records.subList(0, count), invocations, refusals, last);
    }

    Part after(int count) {
      return new Part(records.subList(count, records.size()), invocations, refusals, last);
    }
  }

  private final LambdaClient lambda;
  private final String function;
  private final EventSourceMapping mapping;
  private final Faults faults;
  private final DeadLetters deadLetters;
  private final Bell bell;

  Delivery(
      LambdaClient lambda,
      String function,
      EventSourceMapping mapping,
      Faults faults,
      DeadLetters deadLetters,
      Bell bell) {
    this.lambda = lambda;
    this.function = function;
    this.mapping = mapping;
    this.faults = faults;
    this.deadLetters = deadLetters;
    this.bell = bell;
  }

  /** Returns when every record was handled or given up. */
  void deliver(String streamArn, String shard, List<StreamedRecord> batch)
      throws InterruptedException {
    var waiting = new ArrayDeque<Part>();
    waiting.push(Part.fresh(batch));
    while (!waiting.isEmpty()) {
      var part = waiting.pop();
      var expired = expired(part);
      if (expired > 0) {
        giveUp(Condition.RECORD_AGE_EXCEEDED, streamArn, shard, part.first(expired));
        if (expired < part.records().size()) {
          waiting.push(part.after(expired));
        }
      } else {
        give(streamArn, shard, part, waiting);
      }
    }
  }

  private void give(String streamArn, String shard, Part part, Deque<Part> waiting)
      throws InterruptedException {
    Answered answered;
    try {
      answered = invoke(part.records());
    } catch (SdkException e) {
      // neither throttles nor an unreachable service are attempts
      var refused = part.refused();
      var status = e instanceof SdkServiceException service ? service.statusCode() : 0;
      LOG.debug("{} was not invoked ({}), try {}", function, status, refused.refusals(), e);
      pause(refused, refused.refusals());
      waiting.push(refused);
      return;
    }
    if (faults.losesAnswer(part.records().size() + " records")) {
      waiting.push(part);
      return;
    }
    switch (answered.answer()) {
      case BatchAnswer.AllDone _ -> {}
      case BatchAnswer.DoneBefore(var done) -> {
        if (mapping.bisect() && part.records().size() > 1) {
          split(part, done, waiting);
        } else {
          repeat(streamArn, shard, part.failed(answered, done), waiting);
        }
      }
    }
  }

  /** At the record reported, in the middle if that is the first; a split is no attempt. */
  private static void split(Part part, int done, Deque<Part> waiting) {
    var middle = done > 0 ? done : part.records().size() / 2;
    waiting.push(Part.fresh(part.after(middle).records()));
    if (done == 0) {
      waiting.push(Part.fresh(part.first(middle).records()));
    }
  }

  private void repeat(String streamArn, String shard, Part part, Deque<Part> waiting)
      throws InterruptedException {
    if (mapping.retries() >= 0 && part.invocations() > mapping.retries()) {
      giveUp(Condition.RETRY_ATTEMPTS_EXHAUSTED, streamArn, shard, part);
    } else {
      pause(part, part.invocations());
      waiting.push(part);
    }
  }

  private Answered invoke(List<StreamedRecord> batch) {
    var event =
        batch.stream()
            .map(StreamedRecord::json)
            .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    var response =
        lambda.invoke(r ->
            r.functionName(function)
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(SdkBytes.fromUtf8String(event)));
    return new Answered(
        response.responseMetadata().requestId(),
        response.statusCode(),
        response.executedVersion(),
        response.functionError(),
        answer(response.functionError() != null, response.payload(), batch));
  }

  private BatchAnswer answer(boolean failed, SdkBytes payload, List<StreamedRecord> batch) {
    if (failed) {
      return BatchAnswer.NOTHING_DONE;
    }
    return mapping.reportFailures()
        ? BatchAnswer.read(
            payload.asByteArray(), batch.stream().map(StreamedRecord::sequenceNumber).toList())
        : new BatchAnswer.AllDone();
  }

  /** How many records at the front are too old; those behind are younger. */
  private int expired(Part part) {
    var now = bell.now();
    var count = 0;
    for (var record : part.records()) {
      if (now.isBefore(expiry(record))) {
        break;
      }
      count++;
    }
    return count;
  }

  private Instant expiry(StreamedRecord record) {
    var age = mapping.maximumAge().filter(a -> a.compareTo(RETENTION) < 0).orElse(RETENTION);
    return record.arrival().plus(age);
  }

  private void pause(Part part, int tries) throws InterruptedException {
    var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
    var backoff = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    var left = Duration.between(bell.now(), expiry(part.records().getFirst()));
    bell.await(() -> false, left.compareTo(backoff) < 0 ? left : backoff);
  }

  private void giveUp(Condition condition, String streamArn, String shard, Part part) {
    var document =
        new FailureDocument(
                condition,
                function,
                streamArn,
                shard,
                part.records(),
                part.last(),
                part.invocations())
            .json(bell.now());
    LOG.warn("gave up records of {}: {}", streamArn, document);
    deadLetters.add(document);
  }
}
