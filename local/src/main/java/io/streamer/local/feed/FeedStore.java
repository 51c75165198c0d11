package io.streamer.local.feed;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.handler.RawJson;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Checkpoint;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.StoreSettings;
import io.streamer.shared.store.due.Cancelled;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.store.letter.DeadLetterCalls;
import io.streamer.shared.store.letter.Redriven;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What stands of a job in the tables, and what can be done to it there. Its calls block. */
public final class FeedStore implements AutoCloseable {
  private static final int MOST_STEPS = 200;
  private static final int MOST_EVENT_BYTES = 512 * 1024;

  private final DynamoDbClient reads;
  private final DynamoDbClient writes;
  private final Tables tables;
  private final Blobs blobs;
  private final Results results;
  private final JobCalls jobs;
  private final RunCalls runs;
  private final EventCalls events;
  private final DueCalls due;
  private final DeadLetterCalls letters;

  /**
   * Of a stage.
   *
   * @param store DynamoDB itself, where nothing goes wrong on purpose
   * @param proxy where others see what is written
   */
  public FeedStore(URI store, URI proxy, StoreSettings settings, Blobs blobs, InstantSource clock) {
    this.reads = LocalAws.dynamo(store);
    this.writes = LocalAws.dynamo(proxy);
    this.tables = settings.tables();
    this.blobs = blobs;
    this.results = new Results(blobs);
    var limits = settings.limits();
    this.jobs = new JobCalls(tables, limits, clock);
    this.runs = new RunCalls(tables, limits, clock);
    this.events = new EventCalls(tables);
    this.due = new DueCalls(tables, limits, clock);
    this.letters = new DeadLetterCalls(tables, limits, clock);
  }

  /** The jobs that are stored, up to what a feed holds of them. */
  public List<Job> all() {
    var found = new ArrayList<Job>();
    var from = Optional.<Item>empty();
    do {
      var page = Pages.rows(SdkRequests.send(reads, new StoreRequest.Scan(tables.jobs(), from)));
      page.items().forEach(item -> found.add(JobItems.read(item)));
      from = page.last();
    } while (from.isPresent() && found.size() < Feed.MOST_JOBS);
    return found;
  }

  JobView view(Feed.Whole whole, boolean workerHere) {
    var job = whole.job();
    var content = content(job);
    var result = result(job);
    var said = execute(reads, events.after(job, 0, MOST_EVENT_BYTES));
    return new JobView(
        whole.row(),
        content.map(it -> it.payload()),
        content.map(it -> it.metadata()).orElse(Map.of()),
        job.annotations(),
        result.flatMap(it ->
            it instanceof ServerFrame.Result.Inline(var json)
                ? Optional.of(json)
                : Optional.empty()),
        result.flatMap(it ->
            it instanceof ServerFrame.Result.At(var url) ? Optional.of(url) : Optional.empty()),
        job.error().map(FeedStore::problem),
        workerHere,
        checkpoint(job),
        execute(reads, runs.steps(job, MOST_STEPS)),
        said.events().stream().map(FeedStore::event).toList(),
        said.next().isPresent(),
        whole.course());
  }

  private Optional<RunInput> content(Job job) {
    try {
      return Optional.of(execute(reads, jobs.content(job)));
    } catch (IllegalStateException _) {
      // its time to be kept is over
      return Optional.empty();
    }
  }

  private Optional<RawJson> checkpoint(Job job) {
    try {
      return execute(reads, runs.checkpoint(job)).map(Checkpoint::value);
    } catch (IllegalStateException _) {
      return Optional.empty();
    }
  }

  private Optional<ServerFrame.Result> result(Job job) {
    try {
      var stored = execute(reads, jobs.result(job));
      return stored.isPresent() ? Optional.of(results.sent(stored.get())) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("the result's URL cannot be signed", e);
    }
  }

  private static JobView.Problem problem(io.streamer.shared.protocol.Problem problem) {
    return new JobView.Problem(
        problem.code().name(),
        problem.message(),
        problem.details(),
        problem.fields().stream().map(FeedStore::field).toList());
  }

  private static JobView.Field field(FieldError error) {
    return new JobView.Field(error.pointer(), error.message());
  }

  private static JobView.Event event(ServerFrame.Replayed replayed) {
    return switch (replayed) {
      case ServerFrame.Event(_, _, var seq, var name, var data) ->
          new JobView.Event(seq, Optional.of(name), Optional.of(data), Optional.empty());
      case ServerFrame.Rewind(_, _, var seq, var after) ->
          new JobView.Event(seq, Optional.empty(), Optional.empty(), Optional.of(after));
    };
  }

  /** Asks for a job to stop; gives its state then. */
  String cancel(Job job) {
    Cancelled cancelled = execute(writes, due.cancel(job, UUID.randomUUID().toString()));
    return cancelled.job().status().wire();
  }

  /** Does a failed job again; the new one's id, or empty if it has not failed. */
  Optional<String> redrive(Job job) {
    return switch (execute(writes, letters.redrive(job, UUID.randomUUID().toString()))) {
      case Redriven.Again(var again) -> Optional.of(again.id().value());
      case Redriven.NotFailed _ -> Optional.empty();
    };
  }

  private static <T> T execute(DynamoDbClient client, Call<T> call) {
    return call.run(request -> SdkRequests.send(client, request));
  }

  @Override
  public void close() {
    reads.close();
    writes.close();
    blobs.close();
  }
}
