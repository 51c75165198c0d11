package io.streamer.gateway.job;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.log.About;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.due.DueCalls;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs that are cancelled once their owner stays away ({@code on_disconnect}: {@code cancel}). What
 * this task remembers makes it quick where a connection ends here; whatever it does not know of,
 * the dispatcher finds when it looks at the job.
 */
public final class AbandonedJobs {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedJobs.class);

  private static final int MOST_OF_A_CONNECTION = 64;
  private static final int MOST_JOBS = 200_000;
  private static final Duration REMEMBERED = Duration.ofHours(3);

  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final DueCalls dues;
  private final FrameSender delivery;
  private final Duration grace;
  private final InstantSource clock;
  private final Cache<String, Owned> byConnection =
      Caffeine.newBuilder()
          .expireAfterWrite(REMEMBERED)
          .maximumWeight(MOST_JOBS)
          .weigher((String _, Owned owned) -> owned.jobs().size())
          .build();

  private record Owned(Route route, List<JobId> jobs) {}

  /**
   * Knows of nobody who has left.
   *
   * @param grace how long an owner may be away
   */
  public AbandonedJobs(
      VertxDynamo dynamo,
      JobCalls jobs,
      DueCalls dues,
      FrameSender delivery,
      Duration grace,
      InstantSource clock) {
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.dues = dues;
    this.delivery = delivery;
    this.grace = grace;
    this.clock = clock;
  }

  /** The job's frames go to this connection from now on, as its owner's. */
  void owns(Session session, Job job) {
    if (!job.terms().cancelWhenLeft() || job.status().terminal()) {
      return;
    }
    var route = session.route();
    byConnection
        .asMap()
        .compute(
            session.id(),
            (_, before) ->
                new Owned(
                    route,
                    Stream.concat(
                            Stream.of(job.id()),
                            Optional.ofNullable(before).stream()
                                .flatMap(owned -> owned.jobs().stream())
                                .filter(id -> !id.equals(job.id())))
                        .limit(MOST_OF_A_CONNECTION)
                        .toList()));
    // it may have left while the job was written
    if (delivery.hasLeft(route)) {
      var _ = left(session.id());
    }
  }

  /**
   * A connection has ended: its jobs wait for their owner for the grace time.
   *
   * @return done when that is written, as far as it can be; never fails
   */
  public Future<Void> left(String connection) {
    var owned = byConnection.asMap().remove(connection);
    return owned == null
        ? Future.succeededFuture()
        : Future.join(
                owned.jobs().stream()
                    .map(id ->
                        abandon(id, owned.route())
                            // the dispatcher looks at it at the next opportunity
                            .onFailure(e ->
                                About.jobOf(id.value())
                                    .in(LOG.atWarn())
                                    .log("{} is not abandoned yet: {}", id, e.toString())))
                    .toList())
            .<Void>mapEmpty()
            .otherwiseEmpty();
  }

  /** Whether it was one of this task's own sockets, and is closed. */
  boolean hasLeft(Route route) {
    return delivery.hasLeft(route);
  }

  /** Whether somebody should look if the job's owner is still there. */
  static boolean mayBeAbandoned(Job job) {
    return job.terms().cancelWhenLeft()
        && job.route().isPresent()
        && !job.status().terminal()
        && !job.marks().cancel()
        && job.marks().abandonAt().isEmpty();
  }

  /** Abandons the job if the connection that is its owner's is gone, however it went. */
  Future<Void> look(Job job) {
    var route = job.route().orElseThrow();
    return delivery
        .probe(route)
        .compose(pushed ->
            switch (pushed) {
              case Pushed.Gone _ -> abandon(job.id(), route);
              case Pushed.Delivered _, Pushed.Failed _ -> Future.succeededFuture();
            });
  }

  private Future<Void> abandon(JobId id, Route route) {
    return dynamo
        .execute(jobs.find(id))
        .compose(found ->
            found.isEmpty()
                ? Future.succeededFuture()
                : dynamo
                    .execute(dues.abandon(found.get(), route, clock.millis() + grace.toMillis()))
                    .mapEmpty());
  }
}
