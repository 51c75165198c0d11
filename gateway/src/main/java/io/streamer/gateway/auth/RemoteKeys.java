package io.streamer.gateway.auth;

import io.streamer.gateway.loop.HandOver;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer that rotates them: fetched in the background, and once more for a token
 * that no known key fits. All callers share one fetch at a time, and unfit tokens cause at most one
 * in half a minute, whoever sends them.
 */
final class RemoteKeys implements KeyRing {
  /** Between fetches that tokens cause, and after a failed one. */
  static final Duration FLOOR = Duration.ofSeconds(30);

  static final Duration REFRESH = Duration.ofMinutes(5);
  static final Duration SHORTEST_REFRESH = Duration.ofMinutes(1);
  static final Duration LONGEST_REFRESH = Duration.ofHours(1);

  /** How long the last good set outlives its server. */
  static final Duration OUTAGE = Duration.ofHours(24);

  /** How long a handshake may wait for a fetch, and how many may. */
  static final Duration WAIT = Duration.ofSeconds(2);

  static final int MOST_WAITING = 1_000;

  /** Between warnings of one issuer. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  /** Keys held at once, with those that have left the set. */
  private static final int MOST_HELD = 256;

  private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);

  /** A key and the time from which on it is refused: far off while it is in the set. */
  private record Held(SignatureKey key, Instant until) {}

  private record Known(List<Held> held, Instant until) {}

  /**
   * A fetch to share.
   *
   * @param begins whether it has yet to be sent, by whom this was given to
   */
  private record Turn(Promise<Void> fetch, boolean begins) {}

  private final Vertx vertx;
  private final String issuer;
  private final Supplier<Future<JwksClient.Answer>> source;
  private final Set<Algorithm> allowed;
  private final Duration overlap;
  private final InstantSource clock;
  private final RefreshTimers timers;

  private volatile Known known = new Known(List.of(), Instant.MIN);
  private @Nullable Promise<Void> underWay;
  private Runnable cancelRefresh = () -> {};
  private Instant nextByToken = Instant.MIN;
  private Instant nextWarning = Instant.MIN;
  private Set<String> passedOver = Set.of();
  private int waiting;
  private boolean closed;

  RemoteKeys(
      Vertx vertx,
      IssuerSettings settings,
      Duration overlap,
      Supplier<Future<JwksClient.Answer>> source,
      InstantSource clock,
      RefreshTimers timers) {
    this.vertx = vertx;
    this.issuer = settings.name();
    this.allowed = settings.algorithms();
    this.overlap = overlap;
    this.source = source;
    this.clock = clock;
    this.timers = timers;
  }

  @Override
  public List<SignatureKey> keys() {
    var now = clock.instant();
    var latest = known;
    if (!now.isBefore(latest.until())) {
      return List.of();
    }
    return latest.held().stream()
        .filter(held -> now.isBefore(held.until()))
        .map(Held::key)
        .toList();
  }

  /**
   * Fetches, unless that is being done, and from then on again and again.
   *
   * @return done when the fetch is over, however it ended
   */
  Future<Void> refresh() {
    Turn turn;
    synchronized (this) {
      if (closed) {
        return Future.succeededFuture();
      }
      turn = turn();
    }
    return send(turn);
  }

  private synchronized Turn turn() {
    var running = underWay;
    if (running != null) {
      return new Turn(running, false);
    }
    var begun = Promise.<Void>promise();
    underWay = begun;
    cancelRefresh.run();
    return new Turn(begun, true);
  }

  private Future<Void> send(Turn turn) {
    if (turn.begins()) {
      // so that one that throws has failed, too
      Future.<Void>succeededFuture()
          .compose(_ -> source.get())
          .onComplete(this::fetched, this::failed);
    }
    return turn.fetch().future();
  }

  @Override
  public Optional<Future<Boolean>> lookAgain(List<SignatureKey> tried) {
    Turn turn;
    synchronized (this) {
      if (!keys().equals(tried)) {
        return Optional.of(Future.succeededFuture(true));
      }
      var now = clock.instant();
      if (closed || (underWay == null && now.isBefore(nextByToken))) {
        return Optional.empty();
      }
      if (waiting >= MOST_WAITING) {
        warn("tokens are refused: " + MOST_WAITING + " others wait for its keys already");
        return Optional.empty();
      }
      if (underWay == null) {
        nextByToken = now.plus(FLOOR);
      }
      waiting++;
      turn = turn();
    }
    var answer = Promise.<Boolean>promise();
    var context = Vertx.currentContext();
    var cancel = timers.after(WAIT, () -> giveUp(answer));
    answer.future().onComplete(_ -> done(cancel));
    send(turn).onComplete(_ -> on(context, () -> answer.tryComplete(true)));
    return Optional.of(answer.future());
  }

  private void giveUp(Promise<Boolean> answer) {
    if (answer.tryComplete(false)) {
      warn("a token is refused: its keys did not come within " + WAIT.toSeconds() + " s");
    }
  }

  /** Sockets must be answered on the event loop that they belong to. */
  private static void on(@Nullable Context context, Runnable task) {
    if (context == null) {
      task.run();
    } else {
      HandOver.to(context, task);
    }
  }

  private synchronized void done(Runnable cancel) {
    waiting--;
    cancel.run();
  }

  private void fetched(JwksClient.Answer answer) {
    try {
      var unusable = new HashSet<String>();
      var keys = Jwks.readUsable(answer.text(), unusable::add);
      take(keys, unusable);
      next(clamp(answer.freshFor().orElse(REFRESH)));
    } catch (RuntimeException unreadable) {
      // whatever a library finds in it: the next fetch has to come
      failed(unreadable);
    }
  }

  private void failed(Throwable cause) {
    warn("its keys cannot be fetched; " + consequence() + ": " + cause.getMessage());
    next(FLOOR);
  }

  private String consequence() {
    var latest = known;
    return clock.instant().isBefore(latest.until())
        ? "the last ones count until " + latest.until()
        : "its tokens are refused";
  }

  private synchronized void take(List<PublicKeys.Key> keys, Set<String> unusable) {
    var now = clock.instant();
    var old = new HashMap<PublicKeys.Key, Held>();
    known.held().forEach(held -> old.put(held.key().key(), held));
    var held = new ArrayList<Held>();
    for (var key : new HashSet<>(keys)) {
      if (allowed.contains(key.algorithm())) {
        var same = old.remove(key);
        try {
          held.add(new Held(same == null ? SignatureKey.of(vertx, key) : same.key(), Instant.MAX));
        } catch (RuntimeException unreadable) {
          unusable.add("kid " + key.kid().orElse("none") + ": " + unreadable.getMessage());
        }
      }
    }
    if (held.isEmpty()) {
      warn("its set has no key for one of the algorithms " + allowed);
    }
    old.values().stream()
        .map(gone ->
            gone.until().equals(Instant.MAX) ? new Held(gone.key(), now.plus(overlap)) : gone)
        .filter(gone -> now.isBefore(gone.until()))
        .sorted(Comparator.comparing(Held::until).reversed())
        .limit(MOST_HELD - held.size())
        .forEach(held::add);
    for (var line : unusable) {
      if (!passedOver.contains(line)) {
        LOG.warn("a key of {} is passed over, {}", issuer, line);
      }
    }
    passedOver = unusable;
    known = new Known(List.copyOf(held), now.plus(OUTAGE));
  }

  private void next(Duration delay) {
    Promise<Void> ended;
    synchronized (this) {
      ended = underWay;
      underWay = null;
      if (!closed) {
        cancelRefresh = timers.after(delay, this::refresh);
      }
    }
    if (ended != null) {
      ended.complete();
    }
  }

  private static Duration clamp(Duration wished) {
    if (wished.compareTo(SHORTEST_REFRESH) < 0) {
      return SHORTEST_REFRESH;
    }
    return wished.compareTo(LONGEST_REFRESH) > 0 ? LONGEST_REFRESH : wished;
  }

  private synchronized void warn(String what) {
    var now = clock.instant();
    if (!now.isBefore(nextWarning)) {
      nextWarning = now.plus(QUIET);
      LOG.warn("issuer {}: {}", issuer, what);
    }
  }

  synchronized void close() {
    closed = true;
    cancelRefresh.run();
  }
}
