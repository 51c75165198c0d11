package io.streamer.worker;

import io.streamer.shared.hold.Recipient;
import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.hold.Recipients;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.StoreUnavailableException;
import io.streamer.shared.store.SubscriptionCalls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one job's frames to all who watch it: each of them in order, several at once, none of
 * them on the runner's thread. All methods are for that thread.
 */
final class Courier {
  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  /** Connections that are sent to at the same time. */
  private static final int LANES = 32;

  /** A push takes no longer. */
  private static final Duration LANDING = Duration.ofSeconds(6);

  private static final long READ_AGAIN_MS = 1000;

  /** So many subscribers are read as often as they change; of more, one in a millisecond. */
  private static final int READ_FREELY = 100;

  private static final int READ_MS = 5000;
  private static final int MOST_MISREADINGS = 5;
  private static final Pushed UNSENT = new Pushed.Failed("it was not sent", true);

  private final JobId job;
  private final PushClient push;
  private final SubscriptionCalls subscriptions;
  private final BlockingDynamo dynamo;
  private final Bell bell;
  private final Time time;
  private final Recipients recipients;
  private final Queue<Landing> landings = new ConcurrentLinkedQueue<>();
  private final Flights flights;
  private Optional<Route> route = Optional.empty();
  private int underWay;
  private long readAt = Long.MIN_VALUE;
  private long giveUpAt = Long.MIN_VALUE;
  private int misreadings;
  private volatile boolean landing;
  private volatile boolean closed;

  private record Landing(Recipient recipient, int sent, Pushed last) {}

  /**
   * Has nobody to go to, before {@link #follow}.
   *
   * @param bell rung when a load has landed
   */
  Courier(
      JobId job,
      PushClient push,
      SubscriptionCalls subscriptions,
      BlockingDynamo dynamo,
      Bell bell,
      Time time) {
    this.job = job;
    this.flights = new Flights("pushes of " + job);
    this.push = push;
    this.subscriptions = subscriptions;
    this.dynamo = dynamo;
    this.bell = bell;
    this.time = time;
    this.recipients = new Recipients(time);
  }

  /** Goes where an image of the job says. */
  void follow(Optional<Route> shown, long watch) {
    route = shown;
    recipients.follow(shown, watch);
  }

  /** Has all get a job's frame with a higher number than all before. */
  void tell(ServerFrame frame) {
    recipients.tell(frame);
  }

  /** Has all get these events: not before the last ones were {@link #served}. */
  void tell(List<? extends Replayed> events) {
    recipients.tell(events);
  }

  /** Whether everybody who should have the newest events has them, or has left. */
  boolean served() {
    return recipients.served();
  }

  /**
   * Whether the owner has taken no events for too long: they are not {@link #served} before the
   * job's row has its connection closed.
   */
  boolean ownerGivenUp() {
    return recipients.ownerGivenUp();
  }

  /**
   * Sends what waits, to whoever is there. A failure never stops the job: it waits a little, and
   * whoever takes nothing for long is closed.
   */
  void carry() {
    settle();
    giveUpSubscribers();
    readSubscribers();
    while (underWay < LANES) {
      var next = recipients.next();
      if (next.isEmpty()) {
        return;
      }
      start(next.get());
    }
  }

  /** When {@link #carry} has something to do again; Long.MAX_VALUE if not before the bell. */
  long nextAt() {
    var next = recipients.stale() ? readAt : Long.MAX_VALUE;
    if (recipients.subscriberGivenUp().isPresent()) {
      next = Math.min(next, giveUpAt);
    }
    return underWay < LANES ? Math.min(next, recipients.nextAt()) : next;
  }

  /**
   * Sends all that waits, up to a job's last frame.
   *
   * @return whether everybody who should have it has it, or has left
   */
  boolean finish(long untilMs) throws InterruptedException {
    carry();
    while ((recipients.stale() && misreadings < MOST_MISREADINGS) || !recipients.done()) {
      if (time.millis() >= untilMs) {
        return false;
      }
      time.await(bell, Math.min(untilMs, nextAt()));
      carry();
    }
    return !recipients.stale() && !recipients.missed();
  }

  /**
   * Takes the subscriptions away: behind its end there is nothing more to hear of a job.
   *
   * @return false if there was no time for all, or the store did not take one away
   */
  boolean dismiss(long untilMs) throws InterruptedException {
    var lanes = new Semaphore(LANES);
    var all = new AtomicBoolean(true);
    for (var subscriber : recipients.subscribers()) {
      lanes.acquire();
      if (time.millis() >= untilMs) {
        return false;
      }
      flights.start(() -> {
        try {
          if (!forget(subscriber.route())) {
            all.set(false);
          }
        } finally {
          lanes.release();
        }
      });
    }
    lanes.acquire(LANES);
    return all.get();
  }

  /**
   * Sends a frame to whom one can be sent now, and returns once nothing is under way, or is given
   * up at that time.
   */
  void land(long untilMs) throws InterruptedException {
    landing = true;
    carry();
    while (underWay > 0 && time.millis() < untilMs) {
      time.await(bell, untilMs);
      settle();
    }
    flights.interrupt();
    landing = false;
  }

  /** Nothing more is sent, and nothing is under way behind this. */
  void close() {
    closed = true;
    flights.close(LANDING);
  }

  private void settle() {
    for (var landing = landings.poll(); landing != null; landing = landings.poll()) {
      underWay--;
      if (landing.last() instanceof Pushed.Failed(var why, _)) {
        log.debug("job {}: a frame was not pushed: {}", job, why);
      }
      recipients.landed(landing.recipient(), landing.sent(), landing.last());
    }
  }

  private void giveUpSubscribers() {
    if (time.millis() < giveUpAt) {
      return;
    }
    try {
      for (int i = 0; i < LANES; i++) {
        var route = recipients.subscriberGivenUp();
        if (route.isEmpty()) {
          return;
        }
        log.info("job {}: a subscriber takes no events, and is closed", job);
        var _ = dynamo.execute(subscriptions.close(SubscriptionCalls.topic(job), route.get()));
        recipients.closed();
      }
    } catch (StoreUnavailableException e) {
      log.warn("job {}: a subscriber is not given up: {}", job, e.getMessage());
      giveUpAt = time.millis() + READ_AGAIN_MS;
    }
  }

  private void readSubscribers() {
    if (!recipients.stale() || time.millis() < readAt) {
      return;
    }
    try {
      recipients.read(route, dynamo.execute(subscriptions.byTopic(SubscriptionCalls.topic(job))));
      misreadings = 0;
      // who come by the thousand are not read by the thousand with each that comes
      readAt =
          time.millis() + Math.clamp(recipients.subscribers().size() - READ_FREELY, 0, READ_MS);
    } catch (StoreUnavailableException e) {
      log.warn("job {}: its subscribers are not known: {}", job, e.getMessage());
      readAt = time.millis() + READ_AGAIN_MS;
      misreadings++;
    }
  }

  private void start(Recipient recipient) {
    var load = recipient.load();
    var owner = recipient.owner();
    underWay++;
    flights.start(() -> fly(recipient, owner, load));
  }

  private void fly(Recipient recipient, boolean owner, List<Parcel> load) {
    var sent = 0;
    Pushed last = UNSENT;
    try {
      for (var parcel : load) {
        last = UNSENT;
        if (closed
            || Thread.currentThread().isInterrupted()
            || recipient.left()
            || (landing && sent > 0)) {
          break;
        }
        last = post(recipient.route(), parcel.frame());
        if (!(last instanceof Pushed.Delivered)) {
          break;
        }
        sent++;
      }
      if (last instanceof Pushed.Gone && !owner) {
        var _ = forget(recipient.route());
      }
    } finally {
      landings.add(new Landing(recipient, sent, last));
      bell.ring();
    }
  }

  private Pushed post(Route to, ServerFrame frame) {
    var now = time.millis();
    var way = to.at(now);
    return push.post(way.endpoint(), way.connection(), WireCodec.write(frame, now));
  }

  /** A row that stays would have every later frame tried for nothing; false if it does. */
  private boolean forget(Route gone) {
    try {
      var _ = dynamo.execute(subscriptions.delete(SubscriptionCalls.topic(job), gone.connection()));
      return true;
    } catch (StoreUnavailableException e) {
      log.debug("job {}: the row of a subscriber stays: {}", job, e.getMessage());
      return false;
    }
  }
}
