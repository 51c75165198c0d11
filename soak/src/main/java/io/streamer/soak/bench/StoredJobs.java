package io.streamer.soak.bench;

import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.table.Tables;
import io.streamer.soak.bench.token.BenchKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Puts jobs that have ended into a deployment's table: rows as the gateway itself has written one,
 * for requests with the ids 00000000, 00000001 and so on.
 */
final class StoredJobs {
  /** What DynamoDB takes in one batch. */
  private static final int BATCH = 25;

  private static final int WRITERS = 8;

  /** What a job that has ended does not have: it is not looked after any more. */
  private static final List<String> OF_THE_LIVING = List.of("dueAt", "dueShard", "start");

  private final DynamoDbClient client;
  private final String table;

  StoredJobs(DynamoDbClient client, Tables tables) {
    this.client = client;
    this.table = tables.jobs();
  }

  /** Some row of the table, of which others can be made. */
  private Map<String, AttributeValue> row() throws IOException {
    return client.scan(scan -> scan.tableName(table).limit(1)).items().stream()
        .findFirst()
        .orElseThrow(() -> new IOException("no job has been stored"));
  }

  /**
   * Fills the table.
   *
   * @param tenant whose they are to be, as the one job is that is there
   * @param most so many at most
   * @param until when it ends at the latest, in nanoseconds of the JVM's clock
   * @return how many it came to
   */
  int fill(String tenant, int most, long until) throws IOException, InterruptedException {
    var pattern = row();
    var next = new AtomicInteger();
    var writers = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WRITERS; i++) {
        writers.add(
            threads.submit(() -> {
              while (until - System.nanoTime() > 0 && next.get() < most) {
                int from = next.getAndAdd(BATCH);
                write(
                    IntStream.range(from, Math.min(from + BATCH, most))
                        .mapToObj(one -> put(row(pattern, tenant, one)))
                        .toList());
              }
              return null;
            }));
      }
      for (var writer : writers) {
        writer.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("filling " + table, e);
    }
    return Math.min(next.get(), most);
  }

  /**
   * Takes away the jobs of a tenant's requests, whose ids are 00000001 and so on up to the last.
   */
  void remove(String tenant, int last) {
    for (int from = 1; from <= last; from += BATCH) {
      write(
          IntStream.range(from, Math.min(from + BATCH, last + 1))
              .mapToObj(one -> JobId.of(tenant, BenchKeys.USER, id(one)).value())
              .map(job ->
                  WriteRequest.builder()
                      .deleteRequest(one -> one.key(Map.of("jobId", AttributeValue.fromS(job))))
                      .build())
              .toList());
    }
  }

  private static String id(int number) {
    return "%08d".formatted(number);
  }

  private void write(List<WriteRequest> some) {
    if (some.isEmpty()) {
      return;
    }
    Map<String, List<WriteRequest>> left = Map.of(table, some);
    while (!left.isEmpty()) {
      var these = left;
      left = client.batchWriteItem(batch -> batch.requestItems(these)).unprocessedItems();
    }
  }

  private static WriteRequest put(Map<String, AttributeValue> row) {
    return WriteRequest.builder().putRequest(one -> one.item(row)).build();
  }

  private static Map<String, AttributeValue> row(
      Map<String, AttributeValue> pattern, String tenant, int number) {
    var id = id(number);
    var row = new HashMap<>(pattern);
    row.keySet().removeAll(OF_THE_LIVING);
    var job = JobId.of(tenant, BenchKeys.USER, id);
    row.put("jobId", AttributeValue.fromS(job.value()));
    row.put("id", AttributeValue.fromS(id));
    row.put("status", AttributeValue.fromS(JobStatus.SUCCEEDED.name()));
    row.put("percentage", AttributeValue.fromN("100"));
    row.put("result", pattern.get("payload"));
    return row;
  }
}
