package io.streamer.worker;

import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import io.streamer.worker.Target.Parcel;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who watches a job: its owner, where the row's route leads, and its subscribers. Whoever comes new
 * gets the newest progress, the newest events if not all have them yet, and the end if it is there.
 */
final class Watchers {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private final InstantSource clock;
  private final ReadyTargets ready = new ReadyTargets();

  // each has those that once were so, and loses who is not any more as it comes to the front
  private final Set<Target> awaited = new LinkedHashSet<>();
  private final Set<Target> unfinished = new LinkedHashSet<>();
  private final Set<Target> givenUp = new LinkedHashSet<>();
  private Map<Place, Target> targets = new LinkedHashMap<>();
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
  Watchers(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Looks at an image of the job.
   *
   * @param seenWatch changes whenever the subscribers do; 0 if there never were any
   */
  void follow(Optional<Route> route, long seenWatch) {
    if (seenWatch > watch) {
      watch = seenWatch;
      stale = true;
    }
    if (!route.map(Place::of).equals(owner)) {
      owner = route.map(Place::of);
      settle(route, false);
    }
  }

  /** Whether the subscribers have changed since they were last {@link #read}. */
  boolean stale() {
    return stale;
  }

  /** All subscribers, as they stand now. One that had gone and is among them is back. */
  void read(Optional<Route> route, List<Subscription> all) {
    stale = false;
    subscribers = all;
    settle(route, true);
  }

  /** Whether the owner is given up. */
  boolean ownerGivenUp() {
    return owner.map(targets::get).filter(Target::givenUp).isPresent();
  }

  /** A subscriber that is given up and is to be closed. */
  Optional<Route> subscriberGivenUp() {
    return none(givenUp, target -> target.givenUp() && !target.owner())
        ? Optional.empty()
        : Optional.of(givenUp.iterator().next().route());
  }

  /** The row of the {@link #subscriberGivenUp} says so: it is another one as soon as it is read. */
  void closed() {
    givenUp.remove(givenUp.iterator().next());
    stale = true;
  }

  /** Whether none of them is so any more. */
  private static boolean none(Set<Target> once, Predicate<Target> still) {
    for (var each = once.iterator(); each.hasNext(); each.remove()) {
      if (still.test(each.next())) {
        return false;
      }
    }
    return true;
  }

  /** As they were last read. */
  List<Subscription> subscribers() {
    return subscribers;
  }

  private void settle(Optional<Route> route, boolean subscribersAreNew) {
    var before = targets;
    targets = new LinkedHashMap<>();
    for (var subscriber : subscribers) {
      var place = Place.of(subscriber.route());
      var known = before.remove(place);
      var target =
          known == null || (subscribersAreNew && !known.reachable())
              ? newcomer(subscriber.route(), subscriber.frames())
              : known;
      target.wants(subscriber.frames(), false);
      targets.put(place, target);
    }
    if (route.isPresent() && owner.isPresent()) {
      var known = Optional.ofNullable(targets.get(owner.get())).or(() -> remove(before));
      var target = known.orElseGet(() -> newcomer(route.get(), ALL));
      target.wants(ALL, true);
      targets.put(owner.get(), target);
    }
    before.values().forEach(Target::leave);
    // an owner that is given up may be a subscriber now
    targets.values().stream().filter(Target::givenUp).forEach(givenUp::add);
  }

  private Optional<Target> remove(Map<Place, Target> before) {
    return owner.map(before::remove);
  }

  private Target newcomer(Route route, Set<Kind> kinds) {
    var target = new Target(route, kinds, clock);
    Stream.of(Stream.ofNullable(progress), events.stream(), Stream.ofNullable(terminal))
        .flatMap(parcels -> parcels)
        .sorted(Comparator.comparingLong(Parcel::seq))
        .forEach(parcel -> give(target, parcel));
    return target;
  }

  private void give(Target target, Parcel parcel) {
    target.take(parcel);
    unfinished.add(target);
    if (parcel.kind() == Kind.EVENT) {
      awaited.add(target);
    }
    ready.plan(target, clock.millis());
  }

  /** Whose turn it is to be sent to. */
  Optional<Target> next() {
    return ready.next(clock.millis());
  }

  /** When it is somebody's turn; Long.MAX_VALUE if nothing waits for anybody. */
  long nextAt() {
    return ready.nextAt();
  }

  /** See {@link Target#landed}. */
  void landed(Target target, int sent, Pushed last) {
    target.landed(sent, last);
    ready.plan(target, clock.millis());
    if (target.givenUp()) {
      givenUp.add(target);
    }
  }

  /** Has all get a job's frame with a higher number than all before. */
  void tell(ServerFrame frame) {
    tell(Parcel.of(frame));
  }

  private void tell(Parcel parcel) {
    switch (parcel.kind()) {
      case PROGRESS -> progress = parcel;
      case TERMINAL -> terminal = parcel;
      case EVENT -> {}
    }
    targets.values().forEach(target -> give(target, parcel));
  }

  /** Has all get a chunk of events: not before the last one was {@link #served}. */
  void tell(List<? extends Replayed> chunk) {
    events = chunk.stream().map(Parcel::of).toList();
    events.forEach(this::tell);
  }

  /** Whether everybody who should have the newest events has them, or has left. */
  boolean served() {
    if (stale || !none(awaited, Target::awaitsEvents)) {
      return false;
    }
    events = List.of();
    return true;
  }

  /** Whether everybody has all, or never will. */
  boolean done() {
    return none(unfinished, target -> !target.done());
  }

  /** Whether somebody could not be reached, though it did not leave. */
  boolean missed() {
    return targets.values().stream().anyMatch(Target::missed);
  }
}
