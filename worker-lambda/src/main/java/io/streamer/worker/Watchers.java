package io.streamer.worker;

import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.store.Subscription;
import io.streamer.worker.Target.Parcel;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who watches a job: its owner, where the row's route leads, and its subscribers. Whoever comes new
 * gets the newest progress, the newest events if not all have them yet, and the end if it is there.
 */
final class Watchers {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private final InstantSource clock;
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

  /** Has the subscribers {@link #read} again. */
  void outdate() {
    stale = true;
  }

  /** Whether the owner is given up. */
  boolean ownerGivenUp() {
    return owner.map(targets::get).filter(Target::givenUp).isPresent();
  }

  /** Where the subscribers are that are given up. */
  List<Route> subscribersGivenUp() {
    return targets.values().stream()
        .filter(target -> target.givenUp() && !target.owner())
        .map(Target::route)
        .toList();
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
  }

  private Optional<Target> remove(Map<Place, Target> before) {
    return owner.map(before::remove);
  }

  private Target newcomer(Route route, Set<Kind> kinds) {
    var target = new Target(route, kinds, clock);
    Stream.of(Stream.ofNullable(progress), events.stream(), Stream.ofNullable(terminal))
        .flatMap(parcels -> parcels)
        .sorted(Comparator.comparingLong(Parcel::seq))
        .forEach(target::take);
    return target;
  }

  /** Has all get a frame with a higher number than all before. */
  void tell(Parcel parcel) {
    switch (parcel.kind()) {
      case PROGRESS -> progress = parcel;
      case TERMINAL -> terminal = parcel;
      case EVENT -> {}
    }
    targets.values().forEach(target -> target.take(parcel));
  }

  /** Has all get a chunk of events: not before the last one was {@link #served}. */
  void tell(List<Parcel> chunk) {
    events = List.copyOf(chunk);
    events.forEach(this::tell);
  }

  /** Whether everybody who should have the newest events has them, or has left. */
  boolean served() {
    if (stale || targets.values().stream().anyMatch(Target::awaitsEvents)) {
      return false;
    }
    events = List.of();
    return true;
  }

  Collection<Target> targets() {
    return targets.values();
  }
}
