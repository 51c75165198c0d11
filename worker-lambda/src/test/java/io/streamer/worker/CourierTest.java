package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.job.JobId;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** What it asks the table while subscribers come. */
class CourierTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long UNTIL = 2_000_000_000L;

  private final PushClient push = new PushClient(_ -> Optional.empty(), "", "us-east-1");
  private long now = NOW;
  private int queries;

  @AfterEach
  void close() {
    push.close();
  }

  @ParameterizedTest
  @CsvSource({"50, 20", "100, 20", "600, 2", "1100, 1", "3000, 1"})
  void manySubscribersAreNotAllReadAgainWithEachThatComes(int many, int most) {
    var time = Time.of(() -> Instant.ofEpochMilli(now));
    var limits = new JobLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(7));
    var courier =
        new Courier(
            JobId.of("acme", "ann", "r-1"),
            push,
            new SubscriptionCalls(new Tables("t"), limits, time),
            new BlockingDynamo(table(many)),
            new Bell(),
            time);
    // one comes every 50 ms, for a second
    for (int watch = 1; watch <= 20; watch++) {
      courier.follow(Optional.empty(), watch);
      courier.carry();
      now += 50;
    }
    assertThat(queries).isEqualTo(most);
    // and whoever came last is known in the end
    now = Math.max(now, courier.nextAt() == Long.MAX_VALUE ? 0 : courier.nextAt());
    courier.carry();
    assertThat(courier.served()).isTrue();
    courier.close();
  }

  private DynamoDbClient table(int rows) {
    var items =
        IntStream.range(0, rows)
            .mapToObj(i ->
                Map.of(
                    "topic", AttributeValue.fromS("job#1"),
                    "connectionId", AttributeValue.fromS("c" + i),
                    "tenant", AttributeValue.fromS("acme"),
                    "user", AttributeValue.fromS("ann"),
                    "endpoint", AttributeValue.fromS("node:n"),
                    "frames", AttributeValue.fromL(List.of(AttributeValue.fromS("EVENT"))),
                    "expiresAt", AttributeValue.fromN(Long.toString(UNTIL))))
            .toList();
    return new DynamoDbClient() {
      @Override
      public QueryResponse query(QueryRequest request) {
        queries++;
        return QueryResponse.builder().items(items).build();
      }

      @Override
      public String serviceName() {
        return "dynamodb";
      }

      @Override
      public void close() {}
    };
  }
}
