package io.streamer.shared.hold;

import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who watches a job: its owner, where the row's route leads, and its subscribers. Whoever comes new
 * gets the newest progress, the newest events if not all have them yet, and the end if it is there.
 */
public final class Recipients {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private final InstantSource clock;
  private final ReadyRecipients ready = new ReadyRecipients();
  private final ReadyRecipients slow = new ReadyRecipients();

  // each has those that once were so, and loses who is not any more as it comes to the front
  private final Set<Recipient> awaited = new LinkedHashSet<>();
  private final Set<Recipient> unfinished = new LinkedHashSet<>();
  private final Set<Recipient> givenUp = new LinkedHashSet<>();
  private Map<Place, Recipient> recipients = new LinkedHashMap<>();
  private Optional<Route> route = Optional.empty();
  private Optional<Place> owner = Optional.empty();
  private List<Subscription> subscribers = List.of();
  private long watch;
  private boolean stale;
  private @Nullable Parcel progress;
  private @Nullable Parcel terminal;
  private List<Parcel> events = List.of();

  private record Place(String endpoint, String connection) {
    static Place of(Route route) {
      return new Place(route.endpoint(), route.connection());
    }
  }

  /** Nobody yet. */
  public Recipients(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Looks at an image of the job.
   *
   * @param seenWatch changes whenever the subscribers do; 0 if there never were any
   */
  public void follow(Optional<Route> shown, long seenWatch) {
    route = shown;
    if (seenWatch > watch) {
      watch = seenWatch;
      stale = true;
    }
    if (!route.map(Place::of).equals(owner)) {
      owner = route.map(Place::of);
      settle(false);
    }
  }

  /** Whether the subscribers have changed since they were last {@link #read}. */
  boolean stale() {
    return stale;
  }

  /** All subscribers, as they stand now. One that had gone and is among them is back. */
  void read(List<Subscription> all) {
    stale = false;
    subscribers = all;
    settle(true);
  }

  /** Whether the owner is given up. */
  boolean ownerGivenUp() {
    return owner.map(recipients::get).filter(Recipient::givenUp).isPresent();
  }

  /** A subscriber that is given up and is to be closed. */
  Optional<Route> subscriberGivenUp() {
    return none(givenUp, recipient -> recipient.givenUp() && !recipient.owner())
        ? Optional.empty()
        : Optional.of(givenUp.iterator().next().route());
  }

  /** The row of the {@link #subscriberGivenUp} says so: it is another one as soon as it is read. */
  void closed() {
    givenUp.remove(givenUp.iterator().next());
    stale = true;
  }

  /** Whether none of them is so any more. */
  private static boolean none(Set<Recipient> once, Predicate<Recipient> still) {
    for (var each = once.iterator(); each.hasNext(); each.remove()) {
      if (still.test(each.next())) {
        return false;
      }
    }
    return true;
  }

  /** As they were last read. */
  public List<Subscription> subscribers() {
    return subscribers;
  }

  private void settle(boolean subscribersAreNew) {
    var before = recipients;
    recipients = new LinkedHashMap<>();
    for (var subscriber : subscribers) {
      var place = Place.of(subscriber.route());
      var known = before.remove(place);
      var recipient =
          known == null || (subscribersAreNew && !known.reachable())
              ? newcomer(subscriber.route(), subscriber.frames())
              : known;
      recipient.wants(subscriber.frames(), false);
      recipients.put(place, recipient);
    }
    if (route.isPresent()) {
      var place = Place.of(route.get());
      var known = recipients.containsKey(place) ? recipients.get(place) : before.remove(place);
      var recipient = known == null ? newcomer(route.get(), ALL) : known;
      recipient.wants(ALL, true);
      recipients.put(place, recipient);
    }
    before
        .values()
        .forEach(gone -> {
          gone.leave();
          // a job may have watchers that come and go for hours
          awaited.remove(gone);
          unfinished.remove(gone);
        });
    // an owner that is given up may be a subscriber now
    recipients.values().stream().filter(Recipient::givenUp).forEach(givenUp::add);
  }

  private Recipient newcomer(Route route, Set<Kind> kinds) {
    var recipient = new Recipient(route, kinds, clock);
    Stream.of(Stream.ofNullable(progress), events.stream(), Stream.ofNullable(terminal))
        .flatMap(parcels -> parcels)
        .sorted(Comparator.comparingLong(Parcel::seq))
        .forEach(parcel -> give(recipient, parcel));
    return recipient;
  }

  private void give(Recipient recipient, Parcel parcel) {
    recipient.take(parcel);
    unfinished.add(recipient);
    if (parcel.kind() == Kind.EVENT) {
      awaited.add(recipient);
    }
    plan(recipient);
  }

  private void plan(Recipient recipient) {
    (recipient.slow() ? slow : ready).plan(recipient, clock.millis());
  }

  /** Whose turn it is to be sent to, of those that took the last they were sent as they should. */
  Optional<Recipient> next() {
    return ready.next(clock.millis());
  }

  /** When it is their turn; Long.MAX_VALUE if nothing waits for them. */
  long nextAt() {
    return ready.nextAt();
  }

  /** Whose turn it is, of those that took their time. */
  Optional<Recipient> nextSlow() {
    return slow.next(clock.millis());
  }

  /** When it is their turn; Long.MAX_VALUE if nothing waits for them. */
  long nextSlowAt() {
    return slow.nextAt();
  }

  /** See {@link Recipient#landed}. */
  void landed(Recipient recipient, int sent, Pushed last) {
    recipient.landed(sent, last);
    plan(recipient);
    if (recipient.givenUp()) {
      givenUp.add(recipient);
    }
  }

  /** Has all get a job's frame with a higher number than all before. */
  public void tell(ServerFrame frame) {
    tell(Parcel.of(frame));
  }

  private void tell(Parcel parcel) {
    switch (parcel.kind()) {
      case PROGRESS -> progress = parcel;
      case TERMINAL -> terminal = parcel;
      case EVENT -> {}
    }
    recipients.values().forEach(recipient -> give(recipient, parcel));
  }

  /** Has all get a chunk of events: not before the last one was {@link #served}. */
  public void tell(List<? extends Replayed> chunk) {
    events = chunk.stream().map(Parcel::of).toList();
    events.forEach(this::tell);
  }

  /** Whether everybody who should have the newest events has them, or has left. */
  public boolean served() {
    if (stale || !none(awaited, Recipient::awaitsEvents)) {
      return false;
    }
    events = List.of();
    return true;
  }

  /** Whether everybody has all, or never will. */
  boolean done() {
    return none(unfinished, recipient -> !recipient.done());
  }

  /** Whether the job has an owner's connection that did not leave: it is to be told. */
  public boolean ownerIsThere() {
    return owner.map(recipients::get).filter(recipient -> !recipient.left()).isPresent();
  }

  /** When the owner's connection took the job's last frame, by the given clock. */
  public OptionalLong ownerToldAt() {
    return owner.map(recipients::get).stream()
        .mapToLong(Recipient::toldAt)
        .filter(at -> at != Long.MAX_VALUE)
        .findFirst();
  }

  /** Whether somebody could not be reached, though it did not leave. */
  boolean missed() {
    return recipients.values().stream().anyMatch(Recipient::missed);
  }
}
