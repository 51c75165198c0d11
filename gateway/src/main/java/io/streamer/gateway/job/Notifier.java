package io.streamer.gateway.job;

import io.streamer.gateway.connection.Delivery;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.EventCalls;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.store.SubscriptionCalls;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells all who watch a job, its owner and its subscribers, what this task did to it: each of them
 * in order, several at once.
 */
public final class Notifier {
  /** Watchers of one job that are told at the same time. */
  private static final int LANES = 16;

  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final EventCalls events;
  private final SubscriptionCalls subscriptions;
  private final JobResults results;
  private final Delivery delivery;

  /** A connection that gets a job's frames, as its owner's or as a subscriber's. */
  record Watcher(Route route, Set<Kind> kinds, boolean owner) {}

  private record Telling(Job job, List<ServerFrame> frames, Consumer<Watcher> gone) {}

  public Notifier(
      VertxDynamo dynamo,
      JobCalls jobs,
      EventCalls events,
      SubscriptionCalls subscriptions,
      JobResults results,
      Delivery delivery) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.events = events;
    this.subscriptions = subscriptions;
    this.results = results;
    this.delivery = delivery;
  }

  /**
   * Tells a job's end, behind its newest events: whoever stored them may have stopped before they
   * were sent. Whoever has these frames drops them by their numbers.
   *
   * @return whether everybody has them, or has left; a result that is gone counts as told
   */
  private Future<Boolean> end(Job ended) {
    return dynamo
        .execute(events.newest(ended))
        .compose(newest ->
            results
                .of(ended)
                .map(ended::terminalFrame)
                .map(last -> {
                  var frames = new ArrayList<ServerFrame>(newest);
                  if (ended.status() == JobStatus.SUCCEEDED) {
                    frames.add(hundred(ended));
                  }
                  last.ifPresent(frames::add);
                  return List.copyOf(frames);
                }))
        .compose(
            frames -> watchers(ended).compose(watchers -> tell(watchers, ended, frames, _ -> {})));
  }

  /** Tells a job's end; once everybody has it or has left, nobody looks after the job any more. */
  Future<Void> conclude(Job ended) {
    return end(ended)
        .compose(told ->
            told
                ? dynamo.execute(jobs.delivered(ended)).<Void>mapEmpty()
                : Future.<Void>succeededFuture());
  }

  private static ServerFrame hundred(Job ended) {
    return new ServerFrame.Progress(
        ended.requestId(),
        ended.id().value(),
        ended.seq() - 1,
        ended.percentage(),
        ended.message(),
        ended.attempt(),
        ended.annotations());
  }

  /** Who watches the job, as this image of it says. */
  Future<List<Watcher>> watchers(Job job) {
    var owner =
        job.route().stream().map(route -> new Watcher(route, Set.of(Kind.values()), true)).toList();
    if (job.marks().watch() == 0) {
      return Future.succeededFuture(owner);
    }
    return dynamo
        .execute(subscriptions.byTopic(SubscriptionCalls.topic(job.id())))
        .map(found -> {
          var all = new ArrayList<>(owner);
          found.stream()
              .map(Notifier::watcher)
              .filter(watcher -> !isOwner(job, watcher.route()))
              .forEach(all::add);
          return List.copyOf(all);
        });
  }

  /** The owner has everything, whatever it subscribed to besides. */
  private static boolean isOwner(Job job, Route subscriber) {
    return job.route()
        .filter(owner -> owner.connection().equals(subscriber.connection()))
        .isPresent();
  }

  private static Watcher watcher(Subscription subscription) {
    return new Watcher(subscription.route(), subscription.frames(), false);
  }

  /**
   * Sends each watcher the frames of its kinds. At a job's end its subscriptions end, too.
   *
   * @param gone takes the watchers that are found to have left
   * @return whether everybody else has them
   */
  Future<Boolean> tell(
      List<Watcher> watchers, Job job, List<ServerFrame> frames, Consumer<Watcher> gone) {
    var rest = watchers.iterator();
    var lanes = new ArrayList<Future<Boolean>>();
    for (int i = 0; i < Math.min(LANES, watchers.size()); i++) {
      lanes.add(lane(rest, new Telling(job, frames, gone), true));
    }
    return Future.join(lanes).map(all -> all.<Boolean>list().stream().allMatch(told -> told));
  }

  private Future<Boolean> lane(Iterator<Watcher> rest, Telling telling, boolean before) {
    var sofar = before;
    while (rest.hasNext()) {
      var watcher = rest.next();
      var theirs =
          telling.frames().stream()
              .filter(frame -> watcher.kinds().contains(frame.numbered().orElseThrow().kind()))
              .iterator();
      var told = tell(watcher, telling, theirs);
      if (!told.isComplete()) {
        var earlier = sofar;
        return told.compose(done -> lane(rest, telling, earlier && done));
      }
      // not by a call in a call: there may be thousands who want nothing of it
      sofar &= told.succeeded() && told.result();
    }
    return Future.succeededFuture(sofar);
  }

  private Future<Boolean> tell(Watcher watcher, Telling telling, Iterator<ServerFrame> frames) {
    if (!frames.hasNext()) {
      return telling.job().status().terminal()
          ? forget(watcher, telling.job())
          : Future.succeededFuture(true);
    }
    return delivery
        .send(watcher.route(), frames.next())
        .compose(pushed ->
            switch (pushed) {
              case Pushed.Delivered _ -> tell(watcher, telling, frames);
              case Pushed.Gone _ -> {
                telling.gone().accept(watcher);
                yield forget(watcher, telling.job());
              }
              case Pushed.Failed _ -> Future.succeededFuture(false);
            });
  }

  /**
   * Its row would have every later frame tried for nothing; behind an end nobody else takes it
   * away.
   */
  private Future<Boolean> forget(Watcher watcher, Job job) {
    // an owner may have subscribed besides
    var subscribed = !watcher.owner() || job.marks().watch() > 0;
    return !subscribed
        ? Future.succeededFuture(true)
        : dynamo
            .execute(
                subscriptions.delete(
                    SubscriptionCalls.topic(job.id()), watcher.route().connection()))
            .map(true)
            .otherwise(!job.status().terminal());
  }
}
