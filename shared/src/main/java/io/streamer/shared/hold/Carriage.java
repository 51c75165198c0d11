package io.streamer.shared.hold;

import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.log.About;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Call;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one job's frames get to its {@link Recipients}: who is read, closed and sent to next. Whoever
 * drives it does the {@link Errand}s and tells what came of each; one is asked of the store at a
 * time, and many are sent to. For one thread at a time.
 */
public final class Carriage {
  /** Connections that are sent to at the same time. */
  public static final int LANES = 32;

  /** Those of them, besides, that have not answered for a while. */
  static final int LATE_LANES = 64;

  private static final Logger log = LoggerFactory.getLogger(Carriage.class);
  private static final long READ_AGAIN_MS = 1000;

  /** So many subscribers are read as often as they change; of more, one in a millisecond. */
  private static final int READ_FREELY = 100;

  private static final int READ_MS = 5000;
  private static final int MOST_MISREADINGS = 5;

  private final JobId job;
  private final SubscriptionCalls calls;
  private final Recipients recipients;
  private final InstantSource clock;
  private final Lanes<Recipient> lanes = new Lanes<>(LANES, LATE_LANES, Lanes.LATE.toMillis());
  private boolean asking;
  private long readAt = Long.MIN_VALUE;
  private long giveUpAt = Long.MIN_VALUE;
  private int misreadings;

  /** What is to be done. */
  public sealed interface Errand {

    /** Execute this, and tell {@link Carriage#read} or {@link Carriage#misread}. */
    record Read(Call<List<Subscription>> call) implements Errand {}

    /** Execute this, and tell {@link Carriage#closed} or {@link Carriage#notClosed}. */
    record Close(Call<Boolean> call) implements Errand {}

    /**
     * Send these, one behind the other, up to the first that is not taken, and tell {@link
     * Carriage#landed}. A subscriber that has gone is to be {@link Carriage#forget forgotten}.
     *
     * @param owner whether it watches as the job's owner
     */
    record Send(Recipient to, boolean owner, List<Parcel> load) implements Errand {}

    /**
     * Nothing, unless something lands or is told before.
     *
     * @param until epoch ms by the given clock; Long.MAX_VALUE: until then
     */
    record Wait(long until) implements Errand {}
  }

  /** Has nothing to carry before the recipients have. */
  public Carriage(JobId job, SubscriptionCalls calls, Recipients recipients, InstantSource clock) {
    this.job = job;
    this.calls = calls;
    this.recipients = recipients;
    this.clock = clock;
  }

  /**
   * What is to be done now. A failure never stops a job: it waits a little, and whoever takes
   * nothing for long is closed.
   */
  public Errand next() {
    var now = clock.millis();
    if (!asking) {
      var givenUp = recipients.subscriberGivenUp();
      if (givenUp.isPresent() && now >= giveUpAt) {
        About.jobOf(job.value())
            .in(log.atInfo())
            .log("job {}: a subscriber takes no events, and is closed", job);
        asking = true;
        return new Errand.Close(calls.close(SubscriptionCalls.topic(job), givenUp.get()));
      }
      if (recipients.stale() && now >= readAt) {
        asking = true;
        return new Errand.Read(calls.byTopic(SubscriptionCalls.topic(job)));
      }
    }
    var next = recipient(now);
    if (next.isPresent()) {
      var to = next.get();
      lanes.begin(to, to.slow(), now);
      return new Errand.Send(to, to.owner(), to.load());
    }
    return new Errand.Wait(nextAt());
  }

  private Optional<Recipient> recipient(long now) {
    var next = lanes.isFree(false, now) ? recipients.next() : Optional.<Recipient>empty();
    return next.isEmpty() && lanes.isFree(true, now) ? recipients.nextSlow() : next;
  }

  /** When {@link #next} has something again; Long.MAX_VALUE if not before something happens. */
  public long nextAt() {
    var now = clock.millis();
    var next = Long.MAX_VALUE;
    if (!asking && recipients.stale()) {
      next = readAt;
    }
    if (!asking && recipients.subscriberGivenUp().isPresent()) {
      next = Math.min(next, giveUpAt);
    }
    if (recipients.nextAt() != Long.MAX_VALUE) {
      next = Math.min(next, Math.max(recipients.nextAt(), lanes.freeAt(now)));
    }
    return lanes.isFree(true, now) ? Math.min(next, recipients.nextSlowAt()) : next;
  }

  /** All subscribers, as they stood when they were asked for. */
  public void read(List<Subscription> all) {
    asking = false;
    misreadings = 0;
    recipients.read(all);
    // who come by the thousand are not read by the thousand with each that comes
    readAt = clock.millis() + Math.clamp(all.size() - READ_FREELY, 0, READ_MS);
  }

  /** They could not be read. */
  public void misread() {
    asking = false;
    misreadings++;
    readAt = clock.millis() + READ_AGAIN_MS;
  }

  /** The row of the one that was given up says so. */
  public void closed() {
    asking = false;
    recipients.closed();
  }

  /** It could not be written. */
  public void notClosed() {
    asking = false;
    giveUpAt = clock.millis() + READ_AGAIN_MS;
  }

  /**
   * What was sent is no longer under way.
   *
   * @param sent how many of its frames were taken
   * @param last what became of the one behind those, if there is one
   */
  public void landed(Recipient to, int sent, Pushed last) {
    lanes.end(to);
    if (last instanceof Pushed.Failed(var why, _)) {
      About.jobOf(job.value())
          .in(log.atDebug())
          .log("job {}: a frame was not pushed: {}", job, why);
    }
    recipients.landed(to, sent, last);
  }

  /** Whether nothing is under way. */
  public boolean idle() {
    return lanes.isIdle();
  }

  /** Whether all that waits, up to a job's last frame, has arrived or never will. */
  public boolean finished() {
    return (!recipients.stale() || misreadings >= MOST_MISREADINGS) && recipients.done();
  }

  /** Once {@link #finished}: whether everybody who should have it has it, or has left. */
  public boolean told() {
    return !recipients.stale() && !recipients.missed();
  }

  /** Takes a subscription away: a row that stays would have every later frame tried for nothing. */
  public Call<Boolean> forget(Route gone) {
    return calls.delete(SubscriptionCalls.topic(job), gone.connection());
  }
}
