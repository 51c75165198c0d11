package io.streamer.gateway.job;

import io.streamer.gateway.loop.HandOver;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.store.due.DueCalls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no job waits for ever: looks regularly for those of this task's parts of {@code
 * due} whose time has come. Its own event loop owns all state.
 */
public final class Dispatcher extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private static final int PAGE = 100;

  /** Jobs in work at once, and again as many that are told about. */
  private static final int AT_ONCE = 64;

  /** Jobs, besides, whose watchers have been told about for a while and do not answer. */
  private static final int MOST_LATE = 192;

  /**
   * Starts of what stays queued, in one look at one part. What waits for workers is not lost: more
   * starts than go away would stand in front of those that come in.
   */
  private static final int MOST_RESTARTS = 32;

  /** Errands of one task, unless a test says otherwise. */
  private static final int MOST_ERRANDS = 1_024;

  /** Longer than the store's and the pushes' own limits: what hangs must not hold a lane. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final VertxDynamo dynamo;
  private final DueCalls dues;
  private final DueJobProcessor upkeep;
  private final Supplier<Set<Integer>> shards;
  private final Duration every;
  private final int mostErrands;
  private final Backlog backlog = new Backlog();
  private final Map<Integer, Future<Void>> rounds = new HashMap<>();
  private final Set<JobId> inWork = new HashSet<>();

  private final Map<Integer, Integer> restarts = new HashMap<>();
  private final Map<Integer, Behind> behind = new HashMap<>();

  /**
   * Where a part's next round goes on.
   *
   * @param restarts whether it had no more of those, in place of no room for errands
   */
  private record Behind(String cursor, boolean restarts) {}

  private boolean leftOver;
  private boolean failing;
  private volatile boolean stopping;

  @SuppressWarnings("NullAway.Init") // by start: they belong to the verticle's context
  private Limiter looks;

  @SuppressWarnings("NullAway.Init")
  private Limiter errands;

  /**
   * A dispatcher, once it is deployed.
   *
   * @param shards this task's parts, which change as tasks come and go
   * @param every between two looks
   */
  public Dispatcher(
      VertxDynamo dynamo,
      DueCalls dues,
      DueJobProcessor upkeep,
      Supplier<Set<Integer>> shards,
      Duration every) {
    this(dynamo, dues, upkeep, shards, every, MOST_ERRANDS);
  }

  /**
   * A dispatcher, once it is deployed.
   *
   * @param shards this task's parts, which change as tasks come and go
   * @param every between two looks
   * @param mostErrands jobs whose watchers wait to be told: others that have ended stay in {@code
   *     due} meanwhile
   */
  public Dispatcher(
      VertxDynamo dynamo,
      DueCalls dues,
      DueJobProcessor upkeep,
      Supplier<Set<Integer>> shards,
      Duration every,
      int mostErrands) {
    this.dynamo = dynamo;
    this.dues = dues;
    this.upkeep = upkeep;
    this.shards = shards;
    this.every = every;
    this.mostErrands = mostErrands;
  }

  /** What was due at its last look. */
  public Backlog backlog() {
    return backlog;
  }

  @Override
  public Future<?> start() {
    looks = new Limiter(context, AT_ONCE, PATIENCE);
    // whoever is told of one job and does not answer holds up no other's
    errands = new Limiter(context, AT_ONCE, MOST_LATE, Lanes.LATE, PATIENCE);
    // tasks that start together look one after the other
    long first = 1 + ThreadLocalRandom.current().nextLong(every.toMillis());
    vertx.setTimer(
        first,
        _ -> {
          tick();
          vertx.setPeriodic(every.toMillis(), _ -> tick());
        });
    return Future.succeededFuture();
  }

  /**
   * Looks now: done when everything that was due in this task's parts is done and told, as far as
   * it can be, less what is to be started again behind many others; fails if the store is away.
   */
  public Future<Void> turn() {
    var done = Promise.<Void>promise();
    if (!HandOver.to(context, () -> all().onComplete(done))) {
      done.fail("this task has ended");
    }
    return done.future();
  }

  /** Takes on no more jobs; done when those in work are, or the time is over. */
  public Future<Void> finish(Duration limit) {
    stopping = true;
    var done = Promise.<Void>promise();
    var taken =
        HandOver.to(
            context,
            () ->
                Future.join(rounds.values().stream().toList())
                    .transform(_ -> Future.join(looks.idle(), errands.idle()))
                    .<Void>mapEmpty()
                    .onComplete(done));
    if (!taken) {
      done.complete();
    }
    return done.future().timeout(limit.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private Future<Void> all() {
    leftOver = false;
    var all =
        shards.get().stream()
            .map(shard -> {
              var underWay = rounds.get(shard);
              // it may be past what is due by now
              return underWay == null ? round(shard) : underWay.transform(_ -> round(shard));
            })
            .toList();
    return Future.join(all)
        .compose(_ -> errands.idle())
        .compose(_ -> leftOver && !stopping ? all() : Future.succeededFuture());
  }

  private void tick() {
    if (stopping) {
      return;
    }
    var ours = shards.get();
    backlog.keep(ours);
    ours.forEach(shard ->
        round(shard)
            .onSuccess(_ -> failing = false)
            .onFailure(e -> {
              if (!failing) {
                failing = true;
                LOG.warn("jobs that are due cannot be found: {}", e.toString());
              }
            }));
  }

  /** One at a time in each part. */
  private Future<Void> round(int shard) {
    var underWay = rounds.get(shard);
    if (underWay != null) {
      return underWay;
    }
    var done = Promise.<Void>promise();
    rounds.put(shard, done.future());
    // whatever was skipped is looked at again as soon as there is room
    var from =
        Optional.ofNullable(behind.remove(shard))
            .filter(at -> at.restarts() || full())
            .map(Behind::cursor);
    restarts.put(shard, 0);
    var due = new Backlog.Look();
    Future.<Void>succeededFuture()
        .compose(_ -> pages(shard, from, due))
        .onComplete(outcome -> {
          if (outcome.succeeded()) {
            backlog.looked(shard, due);
          }
          rounds.remove(shard);
          done.handle(outcome);
        });
    return done.future();
  }

  /** From the longest due on: whatever cannot be done does not hide what stands behind it. */
  private Future<Void> pages(int shard, Optional<String> cursor, Backlog.Look due) {
    return dynamo
        .execute(dues.due(shard, PAGE, cursor))
        .onSuccess(found -> due.add(found.jobs()))
        .compose(found ->
            Future.join(
                    Stream.concat(
                            found.unreadable().stream().map(this::setAside),
                            found.jobs().stream().map(this::look))
                        .toList())
                .compose(looked -> {
                  if (found.next().isEmpty() || stopping) {
                    return Future.succeededFuture();
                  }
                  var spent = restarts.getOrDefault(shard, 0) >= MOST_RESTARTS;
                  if ((full() || spent)
                      && looked.<Boolean>list().stream().noneMatch(done -> done)) {
                    // such a backlog costs a page each time, and hides nothing for long
                    behind.put(shard, new Behind(found.next().get(), spent));
                    return Future.succeededFuture();
                  }
                  return pages(shard, found.next(), due);
                }));
  }

  private boolean full() {
    return errands.size() >= mostErrands;
  }

  private Future<Boolean> setAside(JobId unreadable) {
    return looks.run(() -> upkeep.setAside(unreadable)).transform(_ -> DONE);
  }

  /**
   * Done when the store knows; never fails.
   *
   * @return false if nothing was done: it is in work, is only to be told and there is no room, or
   *     is to be started again and others were
   */
  private Future<Boolean> look(Job job) {
    if (!inWork.add(job.id())) {
      return SKIPPED;
    }
    return looks
        .run(() -> attempt(job))
        .recover(e -> looks.run(() -> upkeep.setAside(job, e)).transform(_ -> SET_ASIDE))
        .map(looked -> {
          looked.errand().ifPresentOrElse(it -> run(job, it), () -> inWork.remove(job.id()));
          return looked.done();
        });
  }

  private Future<Looked> attempt(Job job) {
    if (job.status().terminal() && full()) {
      leftOver = true;
      return NO_ROOM;
    }
    if (upkeep.restarts(job)
        && restarts.merge(job.id().dueShard(), 1, Integer::sum) > MOST_RESTARTS) {
      return NO_ROOM;
    }
    return upkeep.look(job).map(errand -> new Looked(true, errand));
  }

  private record Looked(boolean done, Optional<DueJobProcessor.Errand> errand) {}

  private static final Future<Looked> NO_ROOM =
      Future.succeededFuture(new Looked(false, Optional.empty()));
  private static final Future<Looked> SET_ASIDE =
      Future.succeededFuture(new Looked(true, Optional.empty()));
  private static final Future<Boolean> DONE = Future.succeededFuture(true);
  private static final Future<Boolean> SKIPPED = Future.succeededFuture(false);

  private void run(Job job, DueJobProcessor.Errand errand) {
    if (full() && !job.status().terminal()) {
      // what the store had to know it knows: it is due again within a minute
      inWork.remove(job.id());
      return;
    }
    errands
        .run(errand::run)
        // it is due again later
        .onFailure(e ->
            job.about()
                .in(LOG.atWarn())
                .log("telling of job {} failed: {}", job.id(), e.toString()))
        .onComplete(_ -> inWork.remove(job.id()));
  }
}
