package io.streamer.emulator.stream;

import io.streamer.emulator.aws.GrowingPauses;
import io.streamer.emulator.fault.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Gives batches to a function until every record was handled or given up. */
final class BatchDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(BatchDelivery.class);

  // AWS tells no curve; short ones keep a developer's failures quick
  private static final GrowingPauses PAUSES =
      new GrowingPauses(Duration.ofMillis(50), Duration.ofSeconds(1));

  /**
   * Records still to be given together.
   *
   * @param invocations answered calls with just these records
   * @param refusals calls since then that were throttled or not answered
   */
  private record Part(List<StreamedRecord> records, int invocations, int refusals) {
    static Part fresh(List<StreamedRecord> records) {
      return new Part(records, 0, 0);
    }

    Part refused() {
      return new Part(records, invocations, refusals + 1);
    }

    Part failed() {
      return new Part(records, invocations + 1, 0);
    }

    Part first(int count) {
      return new Part(records.subList(0, count), invocations, refusals);
    }

    Part after(int count) {
      return new Part(records.subList(count, records.size()), invocations, refusals);
    }
  }

  private final LambdaClient lambda;
  private final String function;
  private final EventSourceMapping mapping;
  private final Faults faults;
  private final PollWakeup bell;
  private final AtomicInteger givenUp = new AtomicInteger();

  BatchDelivery(
      LambdaClient lambda,
      String function,
      EventSourceMapping mapping,
      Faults faults,
      PollWakeup bell) {
    this.lambda = lambda;
    this.function = function;
    this.mapping = mapping;
    this.faults = faults;
    this.bell = bell;
  }

  /** How many records were given up so far. */
  int givenUp() {
    return givenUp.get();
  }

  /** Returns when every record was handled or given up. */
  void deliver(String shard, List<StreamedRecord> batch) throws InterruptedException {
    var waiting = new ArrayDeque<Part>();
    waiting.push(Part.fresh(batch));
    while (!waiting.isEmpty()) {
      var part = waiting.pop();
      var expired = expired(part);
      if (expired > 0) {
        giveUp("they are too old", shard, part.first(expired));
        if (expired < part.records().size()) {
          waiting.push(part.after(expired));
        }
      } else {
        give(shard, part, waiting);
      }
    }
  }

  private void give(String shard, Part part, Deque<Part> waiting) throws InterruptedException {
    BatchAnswer answer;
    try {
      answer = invoke(part.records());
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
    switch (answer) {
      case BatchAnswer.AllDone _ -> {}
      case BatchAnswer.DoneBefore(var done) -> {
        if (part.records().size() > 1) {
          split(part, done, waiting);
        } else {
          repeat(shard, part.failed(), waiting);
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

  private void repeat(String shard, Part part, Deque<Part> waiting) throws InterruptedException {
    if (part.invocations() > mapping.retries()) {
      giveUp("their retries are used up", shard, part);
    } else {
      pause(part, part.invocations());
      waiting.push(part);
    }
  }

  private BatchAnswer invoke(List<StreamedRecord> batch) {
    var event =
        batch.stream()
            .map(StreamedRecord::json)
            .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    var response =
        lambda.invoke(r ->
            r.functionName(function)
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(SdkBytes.fromUtf8String(event)));
    return response.functionError() != null
        ? BatchAnswer.NOTHING_DONE
        : BatchAnswer.read(
            response.payload().asByteArray(),
            batch.stream().map(StreamedRecord::sequenceNumber).toList());
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
    return record.arrival().plus(mapping.maximumAge());
  }

  private void pause(Part part, int tries) throws InterruptedException {
    var backoff = PAUSES.after(tries);
    var left = Duration.between(bell.now(), expiry(part.records().getFirst()));
    bell.await(() -> false, left.compareTo(backoff) < 0 ? left : backoff);
  }

  private void giveUp(String why, String shard, Part part) {
    LOG.warn(
        "gave up {} records of {} for {} at {} after {} calls: {}",
        part.records().size(),
        shard,
        function,
        part.records().getFirst().sequenceNumber(),
        part.invocations(),
        why);
    givenUp.addAndGet(part.records().size());
  }
}
