package io.streamer.worker.run;

import io.streamer.shared.hold.Carriage;
import io.streamer.shared.hold.Carriage.Errand;
import io.streamer.shared.hold.Recipient;
import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.hold.Recipients;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.trace.Span;
import io.streamer.shared.trace.SpanName;
import io.streamer.worker.aws.BlockingDynamo;
import io.streamer.worker.time.Time;
import io.streamer.worker.time.Wakeup;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
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

  /** A push takes no longer. */
  private static final Duration LANDING = Duration.ofSeconds(6);

  private static final Pushed UNSENT = new Pushed.Failed("it was not sent", true);

  private final Job job;
  private final Carriage carriage;
  private final Recipients recipients;
  private final PushClient push;
  private final Span run;
  private final BlockingDynamo dynamo;
  private final Wakeup bell;
  private final Time time;
  private final Queue<Landing> landings = new ConcurrentLinkedQueue<>();
  private final Flights flights;
  private Told told = Told.NOBODY;
  private volatile boolean landing;
  private volatile boolean closed;

  private record Landing(Recipient recipient, int sent, Pushed last) {}

  /**
   * Has nobody to go to before the recipients know of somebody.
   *
   * @param run the span of the run that it carries for
   * @param bell rung when a load has landed
   */
  Courier(Job job, PushClient push, Span run, Store store, Wakeup bell, Time time) {
    this.job = job;
    this.recipients = new Recipients(time);
    this.carriage = new Carriage(job.id(), store.subscriptions(), recipients, time);
    this.flights = new Flights("pushes of " + job.id());
    this.push = push;
    this.run = run;
    this.dynamo = store.dynamo();
    this.bell = bell;
    this.time = time;
  }

  /** Who is told. */
  Recipients recipients() {
    return recipients;
  }

  /** Sends what waits, to whoever is there. */
  void carry() {
    settle();
    while (true) {
      switch (carriage.next()) {
        case Errand.Read(var call) -> read(call);
        case Errand.Close(var call) -> close(call);
        case Errand.Send(var to, var owner, var load) -> flights.start(() -> fly(to, owner, load));
        case Errand.Wait _ -> {
          return;
        }
      }
    }
  }

  /** When {@link #carry} has something to do again; Long.MAX_VALUE if not before the bell. */
  long nextAt() {
    return carriage.nextAt();
  }

  /**
   * Sends a job's last frame to all who watch, behind what waits for them, and takes their
   * subscriptions away.
   *
   * @param until when to leave the rest to others, epoch ms
   * @return whether nobody has to be told any more
   */
  boolean end(ServerFrame last, long until) throws InterruptedException {
    recipients.tell(last);
    var endedAt = time.millis();
    var all = finish(until);
    var at = recipients.ownerToldAt();
    told =
        new Told(
            recipients.ownerIsThere(),
            at.isPresent()
                ? OptionalLong.of(Math.max(0, at.getAsLong() - endedAt))
                : OptionalLong.empty());
    if (!all) {
      job.about()
          .in(log.atWarn())
          .log("job {}: its end is stored and could not be pushed", job.id());
      return false;
    }
    return dismiss(until);
  }

  /** How the owner was told of the job's end. */
  Told told() {
    return told;
  }

  /** Whether everybody who should have the last frame has it, or has left. */
  private boolean finish(long untilMs) throws InterruptedException {
    carry();
    while (!carriage.finished()) {
      if (time.millis() >= untilMs) {
        return false;
      }
      time.await(bell, Math.min(untilMs, nextAt()));
      carry();
    }
    return carriage.told();
  }

  /** False if there was no time for all subscriptions, or the store did not take one away. */
  private boolean dismiss(long untilMs) throws InterruptedException {
    var lanes = new Semaphore(Carriage.LANES);
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
    lanes.acquire(Carriage.LANES);
    return all.get();
  }

  /**
   * Sends a frame to whom one can be sent now, and returns once nothing is under way, or is given
   * up at that time.
   */
  void land(long untilMs) throws InterruptedException {
    landing = true;
    carry();
    while (!carriage.idle() && time.millis() < untilMs) {
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
      carriage.landed(landing.recipient(), landing.sent(), landing.last());
    }
  }

  private void read(Call<List<Subscription>> call) {
    try {
      carriage.read(dynamo.execute(call));
    } catch (StoreUnavailableException e) {
      job.about()
          .in(log.atWarn())
          .log("job {}: its subscribers are not known: {}", job.id(), e.getMessage());
      carriage.misread();
    }
  }

  private void close(Call<Boolean> call) {
    try {
      var _ = dynamo.execute(call);
      carriage.closed();
    } catch (StoreUnavailableException e) {
      job.about()
          .in(log.atWarn())
          .log("job {}: a subscriber is not given up: {}", job.id(), e.getMessage());
      carriage.notClosed();
    }
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
        last = post(recipient.route(), owner, parcel);
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

  private Pushed post(Route to, boolean owner, Parcel parcel) {
    var now = time.millis();
    var way = to.at(now);
    var frame = WireCodec.write(parcel.frame(), now);
    var span = owner && parcel.last() ? run.child(SpanName.PUSH, job.action()) : Span.NONE;
    var pushed = push.post(way.endpoint(), way.connection(), frame);
    pushed.end(span);
    return pushed;
  }

  /** Whether its subscription is taken away. */
  private boolean forget(Route gone) {
    try {
      var _ = dynamo.execute(carriage.forget(gone));
      return true;
    } catch (StoreUnavailableException e) {
      job.about()
          .in(log.atDebug())
          .log("job {}: the row of a subscriber stays: {}", job.id(), e.getMessage());
      return false;
    }
  }
}
