package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every read and write of subscriptions. */
public final class SubscriptionCalls {
  private static final int PAGE = 500;

  /** Of a connection of API Gateway (its quotas page). */
  private static final long LONGEST_LIFE_MS = 7_200_000;

  private static final String FIRST = " ";
  private static final String LAST = "\uffff";
  private static final Set<String> KINDS =
      Arrays.stream(Kind.values()).map(Kind::name).collect(Collectors.toUnmodifiableSet());

  private final Tables tables;
  private final InstantSource clock;
  private final JobCalls jobs;

  public SubscriptionCalls(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
    this.jobs = new JobCalls(tables, limits, clock);
  }

  /** What subscriptions to a job stand under. */
  public static String topic(JobId job) {
    return "job#" + job.value();
  }

  /**
   * Subscribes to a job of the caller's tenant, and tells how the job stands at that point: what
   * comes behind it is sent to this connection, too. Whether the caller may is asked before.
   *
   * @param seen the job as it was seen
   */
  public Call<Attachment> subscribe(Job seen, Caller caller, Route route, Set<Kind> frames) {
    if (!seen.caller().tenant().equals(caller.tenant())) {
      return Call.done(new Attachment.Unknown());
    }
    var subscription = new Subscription(topic(seen.id()), route, caller, frames);
    if (seen.marks().watch() > 0) {
      return subscribe(seen.id(), subscription);
    }
    // rows are put for jobs that count watchers alone: the end of another one looks for none
    return jobs.share(seen)
        .then(resumption ->
            switch (resumption) {
              case Resumption.Unknown _ -> Call.done(new Attachment.Unknown());
              case Resumption.Resumed(var row) -> subscribe(row, subscription);
              case Resumption.Behind(var row) -> subscribe(row, subscription);
            });
  }

  private Call<Attachment> subscribe(Job shared, Subscription subscription) {
    return Ownership.told(shared)
        ? Call.done(new Attachment.Attached(shared))
        : subscribe(shared.id(), subscription);
  }

  private Call<Attachment> subscribe(JobId job, Subscription subscription) {
    return put(subscription)
        .then(_ -> jobs.watch(job, subscription.caller().tenant()))
        .then(attachment ->
            switch (attachment) {
              case Attachment.Attached _ -> Call.done(attachment);
              case Attachment.Unknown _ ->
                  delete(subscription.topic(), subscription.route().connection())
                      .map(_ -> attachment);
            });
  }

  /** Takes a subscription to a job away; whether it was there. */
  public Call<Boolean> unsubscribe(JobId job, String tenant, String connection) {
    return delete(topic(job), connection)
        // a repeated delete does not know that it was the one: the job's holder looks either way
        .then(there -> jobs.watch(job, tenant).map(_ -> there));
  }

  /** Writes a subscription, whatever stood in its place; true. */
  public Call<Boolean> put(Subscription subscription) {
    return Call.ask(
        new StoreRequest.Put(tables.subscriptions(), write(subscription), List.of()),
        Answer::accepted);
  }

  /** Takes a subscription away; whether it was there. */
  public Call<Boolean> delete(String topic, String connection) {
    return Call.ask(
        new StoreRequest.Delete(tables.subscriptions(), key(topic, connection)),
        answer -> answer.item().isPresent());
  }

  /** Takes all subscriptions of a topic away; true. */
  public Call<Boolean> deleteAll(String topic) {
    return rows(topic).then(items -> deleteAll(topic, items));
  }

  private Call<Boolean> deleteAll(String topic, List<Item> rest) {
    return rest.isEmpty()
        ? Call.done(true)
        : delete(topic, rest.getFirst().text("connectionId"))
            .then(_ -> deleteAll(topic, rest.subList(1, rest.size())));
  }

  /** Has whatever is to be sent to this subscriber close its connection; whether it was there. */
  public Call<Boolean> close(String topic, Route route) {
    return Call.ask(
        new StoreRequest.Update(
            tables.subscriptions(),
            key(topic, route.connection()),
            Map.of("endpoint", Value.of(route.closed().endpoint())),
            Set.of(),
            List.of(new Condition.Equal("endpoint", Value.of(route.endpoint())))),
        Answer::accepted);
  }

  /** All live subscriptions of a topic, every write up to now included. */
  public Call<List<Subscription>> byTopic(String topic) {
    return rows(topic)
        .map(items ->
            items.stream()
                .map(SubscriptionCalls::read)
                .filter(subscription -> live(subscription.route()))
                .toList());
  }

  private Call<List<Item>> rows(String topic) {
    return all(Optional.empty(), "topic", topic, "connectionId", Optional.empty(), List.of());
  }

  /** The topics of a connection; one of a moment ago may be missing. */
  public Call<List<String>> byConnection(String connection) {
    return all(
            Optional.of(Tables.BY_CONNECTION),
            "connectionId",
            connection,
            "topic",
            Optional.empty(),
            List.of())
        .map(items -> items.stream().map(item -> item.text("topic")).toList());
  }

  private Call<List<Item>> all(
      Optional<String> index,
      String attribute,
      String value,
      String sort,
      Optional<Item> after,
      List<Item> sofar) {
    var range =
        new StoreRequest.Range(
            tables.subscriptions(),
            index,
            attribute,
            Value.of(value),
            sort,
            Value.of(FIRST),
            Value.of(LAST),
            PAGE,
            after,
            index.isEmpty());
    return Call.ask(range, Pages::rows)
        .then(rows -> {
          var items = Stream.concat(sofar.stream(), rows.items().stream()).toList();
          return rows.last().isPresent()
              ? all(index, attribute, value, sort, rows.last(), items)
              : Call.done(items);
        });
  }

  /**
   * Whether there may be a socket. Behind its token's end it is still there to be closed, through
   * API Gateway for as long as that keeps any; the table removes rows when it likes.
   */
  boolean live(Route route) {
    return !route.expired(clock.millis() - LONGEST_LIFE_MS);
  }

  private static Item key(String topic, String connection) {
    return new Item.Builder().put("topic", topic).put("connectionId", connection).build();
  }

  private static Item write(Subscription subscription) {
    var route = subscription.route();
    return new Item.Builder()
        .putAll(key(subscription.topic(), route.connection()))
        .put("tenant", subscription.caller().tenant())
        .put("user", subscription.caller().user())
        .put("endpoint", route.endpoint())
        .put("frames", JobItems.texts(subscription.frames().stream().map(Kind::name).toList()))
        .put(Tables.TTL, route.expiresAt())
        .build();
  }

  private static Subscription read(Item item) {
    return new Subscription(
        item.text("topic"),
        new Route(item.text("connectionId"), item.text("endpoint"), item.whole(Tables.TTL)),
        new Caller(item.text("tenant"), item.text("user"), Set.of()),
        JobItems.readTexts(item, "frames").stream()
            // a newer version may know kinds that nobody here could send
            .filter(KINDS::contains)
            .map(Kind::valueOf)
            .collect(Collectors.toUnmodifiableSet()));
  }
}
