package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Tables;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which connection a job's owner has, and what becomes of the one before. Every connection that was
 * told that it gets a job's frames gets them for as long as it lives: whoever takes the route from
 * another makes that one a watcher first. Only who comes back to a job that nobody else watches
 * says by that that its old connection is gone.
 */
public final class Ownership {
  private static final int MOST_ROUNDS = 5;
  private static final Set<Kind> ALL = Set.of(Kind.values());

  private final JobCalls jobs;
  private final SubscriptionCalls subscriptions;

  public Ownership(Tables tables, JobLimits limits, InstantSource clock) {
    this.jobs = new JobCalls(tables, limits, clock);
    this.subscriptions = new SubscriptionCalls(tables, limits, clock);
  }

  /**
   * Sends the job's later frames to this connection, and tells how the job stands at that point.
   * Its owner is back: it is not abandoned any more.
   *
   * @param left whether a connection is known to have gone
   */
  public Call<Attachment> attach(JobId id, Caller caller, Route route, Predicate<Route> left) {
    return jobs.attachAlone(id, Job.owner(caller.tenant(), caller.user()), route)
        .then(resumption -> attached(resumption, route, left, MOST_ROUNDS));
  }

  private Call<Attachment> attached(
      Resumption resumption, Route route, Predicate<Route> left, int rounds) {
    return switch (resumption) {
      case Resumption.Resumed(var job) -> Call.done(new Attachment.Attached(job));
      case Resumption.Unknown _ -> Call.done(new Attachment.Unknown());
      case Resumption.Behind(var row) when told(row) -> Call.done(new Attachment.Attached(row));
      // it keeps changing hands: whoever had it then may have to come back
      case Resumption.Behind(var row) when rounds == 0 -> jobs.attach(row.id(), row.owner(), route);
      case Resumption.Behind(var row) ->
          replace(row, route, left, false).then(again -> attached(again, route, left, rounds - 1));
    };
  }

  /**
   * Sends the job's later frames to a connection which has sent its request again, once it has all
   * the events before them: where nothing holds frames back, those that come as soon as the route
   * is set would overtake what was missed.
   *
   * @param seen the job as it was seen; the connection has its events
   * @param left whether a connection is known to have gone
   */
  public Call<Resumption> takeOver(Job seen, Route route, Predicate<Route> left) {
    if (leaves(seen, route, left).isEmpty() || told(seen)) {
      return jobs.takeOver(seen, route, false, true);
    }
    // a row that is put for an old image may come long behind the job's end
    return (seen.marks().watch() == 0 ? share(seen) : find(seen))
        .then(attachment ->
            switch (attachment) {
              case Attachment.Attached(var row) when told(row) || hasMore(row, seen) ->
                  Call.done(new Resumption.Behind(row));
              case Attachment.Attached(var row) -> replace(row, route, left, true);
              case Attachment.Unknown _ -> Call.done(new Resumption.Unknown());
            });
  }

  /**
   * Has whoever comes back to the job leave its owner of now as a watcher, and tells how the job
   * stands: another connection is about to learn of it.
   */
  public Call<Attachment> share(Job job) {
    return jobs.share(job)
        .map(resumption ->
            switch (resumption) {
              case Resumption.Resumed(var row) -> new Attachment.Attached(row);
              // it was shared before
              case Resumption.Behind(var row) -> new Attachment.Attached(row);
              case Resumption.Unknown _ -> new Attachment.Unknown();
            });
  }

  private Call<Attachment> find(Job seen) {
    return jobs.find(seen.id())
        .map(found ->
            found
                .filter(row -> row.run().equals(seen.run()))
                .<Attachment>map(Attachment.Attached::new)
                .orElseGet(Attachment.Unknown::new));
  }

  /**
   * Takes the route from whoever has it.
   *
   * @param seen as it was a moment ago; rows are put for jobs that count watchers alone: whoever
   *     stops here leaves none that stays
   */
  private Call<Resumption> replace(
      Job seen, Route route, Predicate<Route> left, boolean sameEvents) {
    var before = leaves(seen, route, left);
    if (before.isEmpty()) {
      return jobs.takeOver(seen, route, false, sameEvents);
    }
    var watcher =
        new Subscription(SubscriptionCalls.topic(seen.id()), before.get(), seen.caller(), ALL);
    return subscriptions
        .put(watcher)
        .then(_ -> jobs.takeOver(seen, route, true, sameEvents))
        .then(resumption ->
            gone(resumption)
                ? subscriptions
                    .delete(watcher.topic(), watcher.route().connection())
                    .map(_ -> resumption)
                : Call.done(resumption));
  }

  /** Who has the route before, and goes on watching. */
  private Optional<Route> leaves(Job seen, Route route, Predicate<Route> left) {
    return seen.route()
        .filter(owner -> !owner.connection().equals(route.connection()))
        .filter(subscriptions::live)
        .filter(left.negate());
  }

  private static boolean hasMore(Job row, Job seen) {
    return row.eventSeq() != seen.eventSeq();
  }

  /** Whether it may be that nobody takes subscriptions to the job away any more. */
  private static boolean gone(Resumption resumption) {
    return switch (resumption) {
      case Resumption.Resumed(var job) -> told(job);
      case Resumption.Behind(var job) -> told(job);
      case Resumption.Unknown _ -> true;
    };
  }

  /** Whether it has ended, and all who watched know. */
  public static boolean told(Job job) {
    return job.status().terminal() && (job.dueAt().isEmpty() || job.marks().told());
  }
}
