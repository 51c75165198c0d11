package io.streamer.cli.letters;

import io.streamer.shared.job.JobId;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.store.letter.DeadLetter;
import io.streamer.shared.store.letter.DeadLetterCalls;
import io.streamer.shared.store.letter.Redriven;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Page;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The dead letters of a deployment, by its tables.
 *
 * <p>Each method throws a {@link SettingsException} that says what to do if the tables are not
 * there or out of reach.
 */
public final class Letters implements AutoCloseable {
  private static final int PAGE = 100;
  private static final Duration CALL = Duration.ofSeconds(15);

  private final LetterTables place;
  private final DynamoDbClient client;
  private final DeadLetterCalls calls;

  /** Some dead letters, the newest first. */
  public record Some(List<DeadLetter> letters, Optional<String> next) {
    public Some {
      letters = List.copyOf(letters);
    }
  }

  /** What became of one redrive. */
  public sealed interface Answer {
    /** The new job. */
    record Again(JobId job) implements Answer {}

    /** There is none, and why. */
    record Not(String why) implements Answer {}
  }

  public Letters(LetterTables place) {
    this.place = place;
    var aws = place.aws();
    var builder =
        DynamoDbClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Region.of(aws.region()))
            .credentialsProvider(aws.credentials())
            .overrideConfiguration(limits -> limits.apiCallTimeout(CALL));
    aws.dynamoDb().ifPresent(builder::endpointOverride);
    this.client = builder.build();
    this.calls =
        new DeadLetterCalls(place.store().tables(), place.store().limits(), InstantSource.system());
  }

  /** A tenant's dead letters that are wanted, up to a number, from a cursor on. */
  public Some list(
      String tenant, Predicate<DeadLetter> wanted, int limit, Optional<String> cursor) {
    var found = new ArrayList<DeadLetter>();
    var from = cursor;
    do {
      var page = page(tenant, Math.min(PAGE, limit - found.size()), from);
      page.items().stream().filter(wanted).forEach(found::add);
      from = page.next();
    } while (from.isPresent() && found.size() < limit);
    return new Some(found, from);
  }

  private Page<DeadLetter> page(String tenant, int limit, Optional<String> cursor) {
    try {
      return execute(calls.list(tenant, limit, cursor));
    } catch (IllegalArgumentException e) {
      throw new SettingsException("the cursor is none that list has shown: leave it out");
    }
  }

  /** A job by its id, failed or not; empty if it is not there or no more. */
  public Optional<DeadLetter> find(String jobId) {
    return execute(calls.find(new JobId(jobId)));
  }

  /** Does a failed job again. */
  public Answer redrive(String jobId) {
    var found = find(jobId);
    if (found.isEmpty()) {
      return new Answer.Not("there is no such job, or no more");
    }
    var job = found.get().job();
    try {
      return switch (execute(calls.redrive(job, UUID.randomUUID().toString()))) {
        case Redriven.Again(var again) -> new Answer.Again(again.id());
        case Redriven.NotFailed _ ->
            new Answer.Not("it has not failed: it is " + job.status().wire());
      };
    } catch (IllegalStateException _) {
      return new Answer.Not("its payload is gone: send the request again");
    }
  }

  private <T> T execute(Call<T> call) {
    try {
      return call.run(request -> SdkRequests.send(client, request));
    } catch (ResourceNotFoundException _) {
      throw new SettingsException(
          "there are not "
              + place.described()
              + "; STREAMER_TABLE_PREFIX, AWS_REGION and AWS_ENDPOINT_URL_DYNAMODB are to be as the"
              + " gateway has them");
    } catch (StoreUnavailableException | SdkException e) {
      throw new SettingsException(
          "cannot use "
              + place.described()
              + ": "
              + e.getMessage()
              + "; try again, or look at"
              + " AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB and the credentials, or whether"
              + " ./streamer dev still runs");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
